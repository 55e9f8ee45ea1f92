import path from 'node:path';
import { z } from 'zod';
import { isCurrencyCode } from '../domain/currencies';
import {
  BANK_ACCOUNT_FIELD_LENGTHS,
  CARD_FIELD_LENGTHS,
  RECEIVER_FIELD_LENGTHS,
  REQUEST_FIELD_LENGTHS,
} from '../domain/payout-request';
import {
  callbackFields,
  controlKey,
  digits,
  extraFields,
  fieldLengths,
  gatewayUrl,
  host,
  login,
  payoutTypes,
  pollPlan,
  privateKey,
  ratePerSecond,
  replyFormat,
  statusApi,
  text,
} from './config-values';
import { ENDPOINT_DEFAULTS, type EndpointConfig } from './endpoint';
import type { SecretFile } from './secret-files';

/** Our name of an endpoint: part of its callback URL, its task queue and its log lines. */
export const ENDPOINT_NAME_PATTERN = /^[a-z][a-z0-9-]{0,31}$/;

/** Every field of a payout request that an endpoint may require, as paths. */
const REQUIRABLE = [
  ...Object.keys(REQUEST_FIELD_LENGTHS),
  ...Object.keys(RECEIVER_FIELD_LENGTHS).map((field) => `receiver.${field}`),
  ...[...Object.keys(BANK_ACCOUNT_FIELD_LENGTHS), ...Object.keys(CARD_FIELD_LENGTHS)].map(
    (field) => `destination.${field}`,
  ),
];

const id = z
  .union([z.string(), z.int().min(0)], { error: 'expected a number' })
  .transform(String)
  .pipe(digits);
const filePath = z.string().min(1, 'expected the path of a file');
const currency = z.string().refine(isCurrencyCode, { error: 'expected an upper-case ISO 4217 code such as EUR' });
const field = z
  .string()
  .refine((name) => REQUIRABLE.includes(name), { error: 'expected a field such as receiver.email' });

const entry = z.strictObject({
  name: text(ENDPOINT_NAME_PATTERN, 'a small letter followed by at most 31 small letters, digits or "-"'),
  baseUrl: gatewayUrl,
  endpointId: id.optional(),
  endpointGroupId: id.optional(),
  login,
  controlKey: controlKey.optional(),
  controlKeyFile: filePath.optional(),
  olderControlKeys: z.array(controlKey).default([]),
  olderControlKeyFiles: z.array(filePath).default([]),
  privateKey: privateKey.optional(),
  privateKeyFile: filePath.optional(),
  statusApi,
  replyFormat,
  currencies: z.array(currency).min(1, 'expected at least one currency, or no list').optional(),
  extraFields: extraFields.default([]),
  fieldLengths: fieldLengths.default(ENDPOINT_DEFAULTS.fieldLengths),
  payoutTypes: payoutTypes.default([...ENDPOINT_DEFAULTS.payoutTypes]),
  callbackFields,
  requiredFields: z.array(field).default([]),
  pollPlan: pollPlan.optional(),
  ratePerSecond: ratePerSecond.optional(),
  redirectHosts: z.array(host).min(1, 'expected at least one host, or no list').optional(),
});
type Entry = z.output<typeof entry>;

export interface Reading {
  /** The file, and the entry in it. */
  readonly where: string;
  readonly directory: string;
  readonly readFile: (path: string) => string;
  readonly problems: string[];
  readonly secretFiles: SecretFile[];
}

export interface EndpointsFile {
  readonly endpoints: readonly EndpointConfig[];
  /** What is wrong with it: each names file, entry and field, never a value. */
  readonly problems: readonly string[];
}

/** Reads the file of endpoints, and the key files it names, relative to itself. Never throws. */
export function readEndpointsFile(
  file: string,
  { readFile, secretFiles }: Pick<Reading, 'readFile' | 'secretFiles'>,
): EndpointsFile {
  const refuse = (problem: string): EndpointsFile => ({
    endpoints: [],
    problems: [`ENDPOINTS_FILE ${file}: ${problem}`],
  });
  let entries: unknown;
  try {
    entries = JSON.parse(readFile(file));
  } catch (error) {
    return refuse(error instanceof SyntaxError ? 'expected JSON' : 'expected the path of a readable file');
  }
  if (!Array.isArray(entries) || entries.length === 0) return refuse('expected a list of endpoints, at least one');
  const problems: string[] = [];
  const endpoints = entries.flatMap((raw, index) => {
    const where = `ENDPOINTS_FILE ${file}: ${describeEntry(raw, index)}`;
    const parsed = entry.safeParse(raw);
    if (parsed.success) {
      const { controlKey: inline, privateKey: inlineToo, olderControlKeys } = parsed.data;
      if (inline ?? inlineToo ?? olderControlKeys[0]) secretFiles.push({ setting: 'ENDPOINTS_FILE', path: file });
      return toEndpoint(parsed.data, { where, directory: path.dirname(file), readFile, problems, secretFiles });
    }
    problems.push(
      ...parsed.error.issues.flatMap((issue) => describeIssue(issue).map((problem) => `${where}: ${problem}`)),
    );
    return [];
  });
  const names = endpoints.map(({ name }) => name);
  for (const name of new Set(names.filter((candidate, index) => names.indexOf(candidate) !== index))) {
    problems.push(`ENDPOINTS_FILE ${file}: endpoint ${name}: name: expected no other endpoint of this name`);
  }
  return { endpoints, problems };
}

/** An entry as a complaint names it: by its name where it has one. */
export function describeEntry(raw: unknown, index: number, kind = 'endpoint'): string {
  const name: unknown = typeof raw === 'object' && raw !== null && 'name' in raw ? raw.name : null;
  return typeof name === 'string' && ENDPOINT_NAME_PATTERN.test(name) ? `${kind} ${name}` : `entry ${index + 1}`;
}

/** A name that is no plain word might be a value in the wrong place. */
const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

/** What is wrong with an entry, by field and expectation, never with a value. */
export function describeIssue(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => (PLAIN_NAME.test(key) ? key : '(unreadable name)'));
    return names.map((name) => `${[...issue.path, name].join('.')}: expected no field of this name`);
  }
  const at = issue.path.join('.') || 'the entry';
  return [`${at}: ${issue.message.replace(/^Invalid [a-z]+: /, '')}`];
}

function toEndpoint(read: Entry, reading: Reading): EndpointConfig[] {
  const { name, baseUrl, endpointId, endpointGroupId } = read;
  const ownControlKey = readSecret(read, { field: 'controlKey', schema: controlKey }, reading);
  const privateKeyPem = readSecret(read, { field: 'privateKey', schema: privateKey }, reading);
  const olderFromFiles = read.olderControlKeyFiles.map((file, index) =>
    readKeyFile(file, { field: `olderControlKeyFiles.${index}`, schema: controlKey }, reading),
  );
  if ((endpointId === undefined) === (endpointGroupId === undefined)) {
    reading.problems.push(`${reading.where}: endpointId: expected exactly one of endpointId and endpointGroupId`);
  }
  if (ownControlKey === null || privateKeyPem === null) return [];
  return [
    {
      name,
      baseUrl,
      target:
        endpointGroupId === undefined
          ? { kind: 'endpoint', id: endpointId ?? '' }
          : { kind: 'group', id: endpointGroupId },
      login: read.login,
      controlKey: ownControlKey,
      olderControlKeys: [...read.olderControlKeys, ...olderFromFiles.filter((key) => key !== null)],
      privateKeyPem,
      statusApi: read.statusApi,
      replyFormat: read.replyFormat,
      currencies: read.currencies ?? null,
      extraFields: read.extraFields,
      fieldLengths: read.fieldLengths,
      payoutTypes: read.payoutTypes,
      callbackFields: read.callbackFields,
      requiredFields: read.requiredFields,
      pollPlan: read.pollPlan ?? null,
      ratePerSecond: read.ratePerSecond ?? null,
      redirectHosts: read.redirectHosts ?? null,
    },
  ];
}

interface Secret {
  readonly field: string;
  readonly schema: z.ZodType<string>;
}

/** A secret, either in the entry or in a file that it names. */
function readSecret(
  read: Entry,
  secret: Secret & { field: 'controlKey' | 'privateKey' },
  reading: Reading,
): string | null {
  const { field } = secret;
  const [direct, file] = [read[field], read[`${field}File`]];
  if ((direct === undefined) === (file === undefined)) {
    reading.problems.push(`${reading.where}: ${field}: expected exactly one of ${field} and ${field}File`);
    return null;
  }
  return file === undefined ? (direct ?? null) : readKeyFile(file, { ...secret, field: `${field}File` }, reading);
}

/** The secret in a file, or null and a complaint. */
export function readKeyFile(file: string, { field, schema }: Secret, reading: Reading): string | null {
  const { where, directory, readFile, problems } = reading;
  const resolved = path.resolve(directory, file);
  reading.secretFiles.push({ setting: `${where}: ${field}`, path: resolved });
  try {
    const parsed = schema.safeParse(readFile(resolved).trimEnd());
    if (parsed.success) return parsed.data;
    problems.push(`${where}: ${field}: ${parsed.error.issues[0]?.message ?? 'expected another text'}`);
  } catch {
    problems.push(`${where}: ${field}: expected the path of a readable file`);
  }
  return null;
}
