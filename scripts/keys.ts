import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { apiKeys, hashApiKey, makeApiKey } from '../src/config/api-keys';
import { makePayloadKey } from './demo-keys';
import { describeError } from './project';

const USAGE = `npm run keys -- KIND

  secret         a HASH_KEY, or a key of RECEIVER_LINK_KEYS
  payload        an entry of PAYLOAD_KEYS
  notification   the secret of a subscriber in NOTIFICATIONS_FILE
  api --name shop --scopes payouts:write,payouts:read [--expires 2027-01-01]
      [--tenant shops] [--tenants shops,markets|*] [--person maria]
      [--endpoints euros] [--networks 10.0.0.0/8]
                 a caller's key, and its entry in API_KEYS`;

type KeyWords = Readonly<
  Partial<Record<'name' | 'scopes' | 'expires' | 'tenant' | 'tenants' | 'person' | 'endpoints' | 'networks', string>>
>;

/**
 * A new key, and its entry for `API_KEYS`: the entry holds only the hash of the key.
 * @throws Error naming the field that is not as expected
 */
export function createApiKey(words: KeyWords) {
  const key = makeApiKey();
  const { name, scopes, expires, tenant, tenants, person, endpoints, networks } = words;
  const optional = {
    ...{ expires, tenant, person },
    ...{ tenants: listOf(tenants), endpoints: listOf(endpoints), networks: listOf(networks) },
  };
  const entry = {
    name,
    scopes: listOf(scopes),
    hash: `sha256:${hashApiKey(key).toString('hex')}`,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
  const parsed = apiKeys.safeParse(JSON.stringify([entry]));
  if (!parsed.success) throw new Error(parsed.error.issues.map(({ message }) => message).join('\n'));
  return { key, entry };
}

/** Texts separated by commas. */
function listOf(text: string | undefined): string[] | undefined {
  return text?.split(',').map((item) => item.trim());
}

/** What the command prints. @throws Error with the reason when the arguments are wrong */
function makeKey(args: readonly string[]): string {
  const text = { type: 'string' } as const;
  const options = {
    ...{ name: text, scopes: text, expires: text, tenant: text },
    ...{ tenants: text, person: text, endpoints: text, networks: text },
  };
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  switch (positionals[0]) {
    case 'secret':
      return randomBytes(32).toString('base64url');
    case 'payload':
      return makePayloadKey();
    case 'notification':
      // As Standard Webhooks has it.
      return `whsec_${randomBytes(32).toString('base64')}`;
    case 'api': {
      const { key, entry } = createApiKey(values);
      return `The key, shown only this once. Give it to ${entry.name} and keep no copy:\n\n  ${key}\n\nIts entry in API_KEYS:\n\n  ${JSON.stringify(entry)}`;
    }
    default:
      throw new Error('expected a kind of key');
  }
}

if (require.main === module) {
  try {
    console.log(makeKey(process.argv.slice(2)));
  } catch (error) {
    console.error(`${describeError(error)}\n\n${USAGE}`);
    process.exitCode = 2;
  }
}
