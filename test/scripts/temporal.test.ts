import { serverArguments } from '../../scripts/temporal';
import { SEARCH_ATTRIBUTES } from '../../src/temporal/namespace';

const readFlag = (args: string[], flag: string): string | undefined => args[args.indexOf(flag) + 1];

it('binds to loopback only, with and without a user interface', () => {
  const args = serverArguments({ dbFile: null, port: 7233, uiPort: 8233 });
  expect([readFlag(args, '--ip'), readFlag(args, '--ui-ip')]).toEqual(['127.0.0.1', '127.0.0.1']);
  expect(serverArguments({ dbFile: null, port: 7233, uiPort: null })).toContain('--headless');
});

it('tells the user interface where payloads are decrypted, when there is both', () => {
  const codecEndpoint = 'http://127.0.0.1:3000/codec';
  const args = serverArguments({ dbFile: null, port: 7233, uiPort: 8233, codecEndpoint });
  expect(readFlag(args, '--ui-codec-endpoint')).toBe(codecEndpoint);
  const others = [
    serverArguments({ dbFile: null, port: 7233, uiPort: null, codecEndpoint }),
    serverArguments({ dbFile: null, port: 7233, uiPort: 8233 }),
  ];
  for (const other of others) expect(other).not.toContain('--ui-codec-endpoint');
});

it('keeps the user interface from asking for news, where it can', () => {
  const given = { dbFile: null, port: 7233, uiPort: 8233 };
  expect(serverArguments({ ...given, hidesNews: true })).toContain('--ui-disable-news-fetch');
  expect(serverArguments({ ...given, hidesNews: false })).not.toContain('--ui-disable-news-fetch');
  expect(serverArguments({ ...given, uiPort: null, hidesNews: true })).not.toContain('--ui-disable-news-fetch');
});

it('syncs every commit of a database file', () => {
  const args = serverArguments({ dbFile: '/d/temporal.db', port: 7233, uiPort: null });
  expect(readFlag(args, '--db-filename')).toBe('/d/temporal.db');
  expect(args.filter((_, index) => args[index - 1] === '--sqlite-pragma')).toEqual([
    'journal_mode=wal',
    'synchronous=full',
  ]);
});

it('registers every search attribute', () => {
  const args = serverArguments({ dbFile: null, port: 7233, uiPort: null });
  const registered = args.filter((_, index) => args[index - 1] === '--search-attribute');
  expect(registered).toEqual(SEARCH_ATTRIBUTES.map(([name, type]) => `${name}=${type}`));
  expect(registered).toHaveLength(13);
});
