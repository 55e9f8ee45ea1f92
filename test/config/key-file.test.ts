import { readApiKeys } from '../../src/config/api-keys';
import { followKeys } from '../../src/config/key-file';
import { MARKER } from './environment-samples';

const entryOf = (name: string, digit: string, more: object = {}) => ({
  ...{ name, scopes: ['payouts:read'], hash: `sha256:${digit.repeat(64)}` },
  ...more,
});
const shop = entryOf('shop', '1');
const till = entryOf('till', '2');

/** A file that holds this text until it is written anew; null is no file. */
function follow(first: object) {
  let text: string | null = JSON.stringify(first);
  const lines: unknown[][] = [];
  const note = (...line: unknown[]) => void lines.push(line);
  const ring = followKeys({
    ...{ file: 'keys.json', keys: readApiKeys(text).keys, endpoints: ['euros'], everyMs: 3_600_000 },
    log: { info: note, error: note },
    read: async () => (text === null ? Promise.reject(new Error(MARKER)) : text),
  });
  const write = async (next: string | null) => {
    text = next;
    await ring.look();
    return ring.keys().map(({ name }) => name);
  };
  return { ring, lines, write };
}

it('a key that is added or taken away counts without a restart', async () => {
  const { ring, lines, write } = follow([shop]);
  expect(await write(JSON.stringify([shop]))).toEqual(['shop']);
  expect(lines).toEqual([]);
  expect(await write(JSON.stringify([shop, till]))).toEqual(['shop', 'till']);
  expect(await write(JSON.stringify([till]))).toEqual(['till']);
  expect(lines).toEqual([2, 1].map((entries) => [{ entries }, 'API_KEYS_FILE was read again']));
  expect(ring.isStale()).toBe(false);
  ring.close();
});

it.each([
  ['no file', null, ['expected a readable file']],
  ['an empty file', '', ['expected a readable file']],
  ['a list without entries', '[]', [expect.stringMatching(/^expected a JSON list/)]],
  ['text cut in the middle', `[\n  {\n"name": "${MARKER}`, [expect.stringMatching(/^line 3: expected a JSON list/)]],
  [
    'a wrong scope',
    JSON.stringify([shop, { ...till, scopes: [MARKER] }], null, 2),
    [expect.stringMatching(/^line 11: entry 2: scopes: expected scopes out of /)],
  ],
  [
    'an unknown endpoint',
    JSON.stringify([{ ...shop, endpoints: ['dollars'] }], null, 2),
    ['line 8: entry 1: endpoints: expected names of configured endpoints'],
  ],
])('%s changes nothing: the keys of before stay, and it is said once', async (_name, text, problems) => {
  const { ring, lines, write } = follow([shop]);
  await write(JSON.stringify([shop]));
  expect(await write(text)).toEqual(['shop']);
  expect(await write(text)).toEqual(['shop']);
  expect(lines).toEqual([[{ problems }, 'API_KEYS_FILE cannot be used: the keys of before stay']]);
  expect(JSON.stringify(lines)).not.toContain(MARKER);
  expect(ring.isStale()).toBe(true);
  expect(await write(JSON.stringify([till]))).toEqual(['till']);
  expect(ring.isStale()).toBe(false);
  ring.close();
});

it('keys that are no file’s stay as they are', async () => {
  const { keys } = readApiKeys(JSON.stringify([shop]));
  const log = { info: jest.fn(), error: jest.fn() };
  const read = jest.fn();
  const ring = followKeys({ file: null, keys, endpoints: [], log, read });
  await ring.look();
  expect(ring.keys()).toBe(keys);
  expect(read).not.toHaveBeenCalled();
  ring.close();
});
