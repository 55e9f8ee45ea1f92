import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureTrySubscriber } from '../../scripts/try-notifications';
import { readNotificationsFile } from '../../src/config/notifications-file';

const dir = mkdtempSync(path.join(tmpdir(), 'payouts-try-'));
const file = path.join(dir, 'notifications.json');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('is a subscriber that the product takes, under one secret, for its owner alone', () => {
  const first = ensureTrySubscriber(file, 'http://127.0.0.1:9000/hooks');
  const second = ensureTrySubscriber(file, 'http://localhost:9001/');
  expect(second.secret).toBe(first.secret);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject([{ name: 'try', url: 'http://localhost:9001/' }]);
  const readFile = (name: string) => readFileSync(name, 'utf8');
  const read = readNotificationsFile(file, { endpoints: [], readFile, secretFiles: [] });
  expect(read).toMatchObject({ items: [{ name: 'try' }], problems: [] });
});

it.each(['https://127.0.0.1/', 'http://example.com/', 'http://127.0.0.1.example.com/', 'http://10.0.0.1/', 'x', ''])(
  'no one is notified at %j, which is not on this machine',
  (url) => expect(() => ensureTrySubscriber(file, url)).toThrow('--notify: expected an address on this machine'),
);
