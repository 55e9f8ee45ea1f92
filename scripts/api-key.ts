import { parseArgs } from 'node:util';
import { apiKeys, hashApiKey, makeApiKey } from '../src/config/api-keys';
import { describeError } from './project';

const USAGE = 'npm run api-key -- --name shop --scopes payouts:write,payouts:read [--expires 2027-01-01]';

/**
 * A new key, and its entry for `API_KEYS`: the entry holds only the hash of the key.
 * @throws Error naming the field that is not as expected
 */
export function createApiKey(words: { name?: string; scopes?: string; expires?: string }) {
  const key = makeApiKey();
  const { name, scopes, expires } = words;
  const entry = {
    name,
    scopes: scopes?.split(',').map((scope) => scope.trim()),
    hash: `sha256:${hashApiKey(key).toString('hex')}`,
    ...(expires === undefined ? {} : { expires }),
  };
  const parsed = apiKeys.safeParse(JSON.stringify([entry]));
  if (!parsed.success) throw new Error(parsed.error.issues.map(({ message }) => message).join('\n'));
  return { key, entry };
}

function main(): number {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { name: text, scopes: text, expires: text } });
  const { key, entry } = createApiKey(values);
  console.log(`The key, shown this once; give it to ${entry.name} and keep it nowhere else:\n\n  ${key}\n`);
  console.log(`Its entry in API_KEYS:\n\n  ${JSON.stringify(entry)}`);
  return 0;
}

if (require.main === module) {
  try {
    process.exitCode = main();
  } catch (error) {
    console.error(`${describeError(error)}\n${USAGE}`);
    process.exitCode = 2;
  }
}
