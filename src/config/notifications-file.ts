import path from 'node:path';
import { z } from 'zod';
import { NOTIFICATION_TYPES } from '../domain/notification';
import { keyOf } from '../notifications/signature';
import { isAllowedTarget, TARGET_RULE } from '../notifications/target';
import { text } from './config-values';
import { describeEntry, describeIssue, ENDPOINT_NAME_PATTERN, type Reading, readKeyFile } from './endpoints-file';
import type { SubscriberConfig } from './subscriber';

const NAME_RULE = 'a small letter followed by at most 31 small letters, digits or "-"';
const SECRET_RULE = 'whsec_ and the base64 of 24 to 64 bytes';
const secret = z.string().refine((value) => keyOf(value) !== null, { error: `expected ${SECRET_RULE}` });
const filePath = z.string().min(1, 'expected the path of a file');
const event = z.enum(NOTIFICATION_TYPES, { error: `expected an event such as ${NOTIFICATION_TYPES[2]}` });

const entry = z
  .strictObject({
    name: text(ENDPOINT_NAME_PATTERN, NAME_RULE),
    url: z.string(),
    secret: secret.optional(),
    secretFile: filePath.optional(),
    olderSecrets: z.array(secret).default([]),
    olderSecretFiles: z.array(filePath).default([]),
    events: z
      .array(event)
      .min(1, 'expected at least one event, or no list')
      .default([...NOTIFICATION_TYPES]),
    endpoints: z
      .array(text(ENDPOINT_NAME_PATTERN, 'the name of an endpoint'))
      .min(1, 'expected at least one endpoint, or no list')
      .optional(),
    allowPrivateAddresses: z.boolean().default(false),
  })
  .refine(({ url, allowPrivateAddresses: allowPrivate }) => isAllowedTarget(url, { allowPrivate }), {
    path: ['url'],
    error: `expected ${TARGET_RULE}`,
  });
type Entry = z.output<typeof entry>;

export interface NotificationsFile {
  readonly subscribers: readonly SubscriberConfig[];
  /** What is wrong with it: each names file, entry and field, never a value. */
  readonly problems: readonly string[];
}

/** Reads the file of subscribers, and the secret files it names, relative to itself. Never throws. */
export function readNotificationsFile(
  file: string,
  options: Pick<Reading, 'readFile' | 'secretFiles'> & { readonly endpoints: readonly string[] },
): NotificationsFile {
  const refuse = (problem: string): NotificationsFile => ({
    subscribers: [],
    problems: [`NOTIFICATIONS_FILE ${file}: ${problem}`],
  });
  let entries: unknown;
  try {
    entries = JSON.parse(options.readFile(file));
  } catch (error) {
    return refuse(error instanceof SyntaxError ? 'expected JSON' : 'expected the path of a readable file');
  }
  if (!Array.isArray(entries)) return refuse('expected a list of subscribers');
  const problems: string[] = [];
  const subscribers = entries.flatMap((raw, index) => {
    const where = `NOTIFICATIONS_FILE ${file}: ${describeEntry(raw, index, 'subscriber')}`;
    const parsed = entry.safeParse(raw);
    if (!parsed.success) {
      problems.push(...parsed.error.issues.flatMap(describeIssue).map((problem) => `${where}: ${problem}`));
      return [];
    }
    const unknown = (parsed.data.endpoints ?? []).some((name) => !options.endpoints.includes(name));
    if (unknown) problems.push(`${where}: endpoints: expected names of configured endpoints`);
    const { readFile, secretFiles } = options;
    const isInline = (parsed.data.secret ?? parsed.data.olderSecrets[0]) !== undefined;
    if (isInline) secretFiles.push({ setting: 'NOTIFICATIONS_FILE', path: file });
    return toSubscriber(parsed.data, { where, directory: path.dirname(file), readFile, problems, secretFiles });
  });
  const names = subscribers.map(({ name }) => name);
  for (const name of new Set(names.filter((candidate, index) => names.indexOf(candidate) !== index)))
    problems.push(`NOTIFICATIONS_FILE ${file}: subscriber ${name}: name: expected no other subscriber of this name`);
  return { subscribers, problems };
}

function toSubscriber(read: Entry, reading: Reading): SubscriberConfig[] {
  const { name, url, events, endpoints, allowPrivateAddresses } = read;
  if ((read.secret === undefined) === (read.secretFile === undefined)) {
    reading.problems.push(`${reading.where}: secret: expected exactly one of secret and secretFile`);
    return [];
  }
  const own =
    read.secretFile === undefined
      ? read.secret
      : readKeyFile(read.secretFile, { field: 'secretFile', schema: secret }, reading);
  const olderFromFiles = read.olderSecretFiles.map((file, index) =>
    readKeyFile(file, { field: `olderSecretFiles.${index}`, schema: secret }, reading),
  );
  if (own === null || own === undefined) return [];
  const secrets = [own, ...read.olderSecrets, ...olderFromFiles.filter((key) => key !== null)] as const;
  return [{ name, url, secrets, events, endpoints: endpoints ?? null, allowPrivateAddresses }];
}
