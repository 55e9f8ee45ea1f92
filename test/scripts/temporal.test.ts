import { SEARCH_ATTRIBUTES } from '../../scripts/search-attributes';
import { serverArguments } from '../../scripts/temporal';

const readFlag = (args: string[], flag: string): string | undefined => args[args.indexOf(flag) + 1];

it('binds to loopback only, with and without a user interface', () => {
  const args = serverArguments({ dbFile: null, port: 7233, uiPort: 8233 });
  expect([readFlag(args, '--ip'), readFlag(args, '--ui-ip')]).toEqual(['127.0.0.1', '127.0.0.1']);
  expect(serverArguments({ dbFile: null, port: 7233, uiPort: null })).toContain('--headless');
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
  expect(registered).toHaveLength(10);
});
