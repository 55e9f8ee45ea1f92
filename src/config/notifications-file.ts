import { z } from 'zod';
import { NOTIFICATION_TYPES } from '../domain/notification';
import { DEFAULT_TENANT, TENANT_PATTERN } from '../domain/tenants';
import { keyOf } from '../notifications/signature';
import { isAllowedTarget, TARGET_RULE } from '../notifications/target';
import { text } from './config-values';
import { ENDPOINT_NAME_PATTERN, type ListFile, type Reading, readKeyFile, readListFile } from './list-file';
import type { SubscriberConfig } from './subscriber';

const NAME_RULE = 'a lower-case letter followed by at most 31 lower-case letters, digits or "-"';
const SECRET_RULE = 'whsec_ and the base64 of 24 to 64 bytes';
const secret = z.string().refine((value) => keyOf(value) !== null, { error: `expected ${SECRET_RULE}` });
const filePath = z.string().min(1, 'expected the path of a file');
const EXAMPLE: (typeof NOTIFICATION_TYPES)[number] = 'payout.approved';
const event = z.enum(NOTIFICATION_TYPES, { error: `expected an event such as ${EXAMPLE}` });

const entry = z
  .strictObject({
    name: text(ENDPOINT_NAME_PATTERN, NAME_RULE),
    tenant: text(TENANT_PATTERN, NAME_RULE).default(DEFAULT_TENANT),
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

/** Reads the file of subscribers. Never throws. */
export function readNotificationsFile(
  file: string,
  { endpoints, ...sources }: Pick<Reading, 'readFile' | 'secretFiles'> & { readonly endpoints: readonly string[] },
): ListFile<SubscriberConfig> {
  const holdsSecret = (read: Entry) => (read.secret ?? read.olderSecrets[0]) !== undefined;
  const toItems = (read: Entry, reading: Reading) => {
    if ((read.endpoints ?? []).some((name) => !endpoints.includes(name)))
      reading.problems.push(`${reading.where}: endpoints: expected names of configured endpoints`);
    return toSubscriber(read, reading);
  };
  const kind = { setting: 'NOTIFICATIONS_FILE', kind: 'subscriber', least: 0 } as const;
  return readListFile(file, { ...kind, entry, holdsSecret, toItems }, sources);
}

function toSubscriber(read: Entry, reading: Reading): SubscriberConfig[] {
  const { name, tenant, url, events, endpoints, allowPrivateAddresses } = read;
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
  return [{ name, tenant, url, secrets, events, endpoints: endpoints ?? null, allowPrivateAddresses }];
}
