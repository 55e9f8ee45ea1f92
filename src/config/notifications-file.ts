import { z } from 'zod';
import { NOTIFICATION_TYPES } from '../domain/notification';
import { DEFAULT_TENANT, TENANT_PATTERN } from '../domain/tenants';
import { text } from './config-values';
import { ENDPOINT_NAME_PATTERN, type ListFile, type Reading, readListFile } from './list-file';
import type { SubscriberConfig } from './subscriber';
import { holdsSecret, isTarget, readSecrets, TARGET_FIELDS, TARGET_ISSUE } from './webhook-target';

const NAME_RULE = 'a lower-case letter followed by at most 31 lower-case letters, digits or "-"';
const EXAMPLE: (typeof NOTIFICATION_TYPES)[number] = 'payout.approved';
const event = z.enum(NOTIFICATION_TYPES, { error: `expected an event such as ${EXAMPLE}` });

const entry = z
  .strictObject({
    name: text(ENDPOINT_NAME_PATTERN, NAME_RULE),
    tenant: text(TENANT_PATTERN, NAME_RULE).default(DEFAULT_TENANT),
    ...TARGET_FIELDS,
    events: z
      .array(event)
      .min(1, 'expected at least one event, or no list')
      .default([...NOTIFICATION_TYPES]),
    endpoints: z
      .array(text(ENDPOINT_NAME_PATTERN, 'the name of an endpoint'))
      .min(1, 'expected at least one endpoint, or no list')
      .optional(),
  })
  .refine(isTarget, TARGET_ISSUE);
type Entry = z.output<typeof entry>;

/** Reads the file of subscribers. Never throws. */
export function readNotificationsFile(
  file: string,
  { endpoints, ...sources }: Pick<Reading, 'readFile' | 'secretFiles'> & { readonly endpoints: readonly string[] },
): ListFile<SubscriberConfig> {
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
  const secrets = readSecrets(read, reading);
  if (secrets === null) return [];
  return [{ name, tenant, url, secrets, events, endpoints: endpoints ?? null, allowPrivateAddresses }];
}
