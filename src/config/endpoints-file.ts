import { z } from 'zod';
import { isCurrencyCode } from '../domain/currencies';
import {
  BANK_ACCOUNT_FIELD_LENGTHS,
  CARD_FIELD_LENGTHS,
  CARD_REF_FIELD_LENGTHS,
  RECEIVER_FIELD_LENGTHS,
  REQUEST_FIELD_LENGTHS,
} from '../domain/payout-request';
import { isZone } from '../domain/periods';
import { isKnownCountry } from '../schedule/banking-days';
import {
  callbackFields,
  collect,
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
import { ENDPOINT_DEFAULTS, type EndpointConfig, toTarget } from './endpoint';
import {
  ENDPOINT_NAME_PATTERN,
  type ListFile,
  type Reading,
  readKeyFile,
  readListFile,
  type Secret,
} from './list-file';

/** Every field of a payout request that an endpoint may require, as paths. */
const REQUIRABLE = [
  ...Object.keys(REQUEST_FIELD_LENGTHS),
  ...Object.keys(RECEIVER_FIELD_LENGTHS).map((field) => `receiver.${field}`),
  ...Object.keys({ ...BANK_ACCOUNT_FIELD_LENGTHS, ...CARD_FIELD_LENGTHS, ...CARD_REF_FIELD_LENGTHS }).map(
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

const COUNTRY = 'a country, and a region of it, whose holidays are known, such as DE and BY';
const bankCalendar = z
  .strictObject({
    country: z.string(),
    region: z.string().nullable().default(null),
    cutOff: text(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'a time of day such as 16:00'),
    zone: z.string().refine(isZone, { error: 'expected the name of a time zone such as Europe/Berlin' }),
  })
  .refine(({ country, region }) => isKnownCountry(country, region), {
    path: ['country'],
    error: `expected ${COUNTRY}`,
  });

const entry = z.strictObject({
  name: text(ENDPOINT_NAME_PATTERN, 'a lower-case letter followed by at most 31 lower-case letters, digits or "-"'),
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
  collect: collect.default([...ENDPOINT_DEFAULTS.collect]),
  payoutTypes: payoutTypes.default([...ENDPOINT_DEFAULTS.payoutTypes]),
  callbackFields,
  requiredFields: z.array(field).default([]),
  pollPlan: pollPlan.optional(),
  calendar: bankCalendar.optional(),
  ratePerSecond: ratePerSecond.optional(),
  redirectHosts: z.array(host).min(1, 'expected at least one host, or no list').optional(),
});
type Entry = z.output<typeof entry>;

/** Reads the file of endpoints. Never throws. */
export function readEndpointsFile(
  file: string,
  sources: Pick<Reading, 'readFile' | 'secretFiles'>,
): ListFile<EndpointConfig> {
  const holdsSecret = ({ controlKey: inline, privateKey: inlineToo, olderControlKeys }: Entry) =>
    (inline ?? inlineToo ?? olderControlKeys[0]) !== undefined;
  const kind = { setting: 'ENDPOINTS_FILE', kind: 'endpoint', least: 1 } as const;
  return readListFile(file, { ...kind, entry, holdsSecret, toItems: toEndpoint }, sources);
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
      target: toTarget(endpointId, endpointGroupId),
      login: read.login,
      controlKey: ownControlKey,
      olderControlKeys: [...read.olderControlKeys, ...olderFromFiles.filter((key) => key !== null)],
      privateKeyPem,
      statusApi: read.statusApi,
      replyFormat: read.replyFormat,
      currencies: read.currencies ?? null,
      extraFields: read.extraFields,
      fieldLengths: read.fieldLengths,
      collect: read.collect,
      payoutTypes: read.payoutTypes,
      callbackFields: read.callbackFields,
      requiredFields: read.requiredFields,
      pollPlan: read.pollPlan ?? null,
      calendar: read.calendar ?? null,
      ratePerSecond: read.ratePerSecond ?? null,
      redirectHosts: read.redirectHosts ?? null,
    },
  ];
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
