import { createCodecSessions } from '../../../src/api/codec/session';
import { createCallerDirectory } from '../../../src/api/plugins/callers';
import { type ApiKey, hashApiKey } from '../../../src/config/api-keys';
import { makeCaller } from '../app-harness';

const START_MS = Date.parse('2026-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const { key, apiKey } = makeCaller('ops', ['codec']);

function makeSessions({ isHttps = false, keys = [apiKey] as readonly ApiKey[] } = {}) {
  let nowMs = START_MS;
  let current = keys;
  const now = () => nowMs;
  const sessions = createCodecSessions({ callers: createCallerDirectory(() => current, now), isHttps, now });
  const open = () => sessions.open(hashApiKey(key));
  const identify = (cookies: string | undefined) => sessions.identify(cookies, '10.0.0.7');
  const cookieOf = () => open().split(';', 1)[0] ?? '';
  const revoke = () => {
    current = [];
  };
  return { close: sessions.close, open, identify, cookieOf, revoke, at: (ms: number) => (nowMs = ms) };
}

describe('a session', () => {
  test('is known by its cookie, also among others', () => {
    const { identify, cookieOf } = makeSessions();
    const cookie = cookieOf();
    expect(identify(cookie)).toMatchObject({ name: 'ops', scopes: ['codec'], tenants: ['default'] });
    expect(identify(`a=b; payout_codec=of-another-path; ${cookie}; c=d`)?.name).toBe('ops');
  });

  test('is kept from scripts, from other sites and from other routes', () => {
    expect(makeSessions().open().split('; ').slice(1)).toEqual([
      'HttpOnly',
      'SameSite=Strict',
      'Path=/codec',
      'Max-Age=28800',
    ]);
    const overTls = makeSessions({ isHttps: true });
    expect(overTls.open().split('; ')).toContain('Secure');
    expect(overTls.close(undefined)).toBe('payout_codec=; HttpOnly; SameSite=Strict; Path=/codec; Secure; Max-Age=0');
  });

  test('is a random name: nothing of the key, of the caller or of another session', () => {
    const { cookieOf } = makeSessions();
    const cookies = Array.from({ length: 100 }, cookieOf);
    expect(new Set(cookies).size).toBe(100);
    for (const cookie of cookies) expect(cookie).toMatch(/^payout_codec=[A-Za-z0-9_-]{43}$/);
  });

  test('ends when it is signed out: its cookie, kept elsewhere, opens nothing more', () => {
    const { identify, close, cookieOf } = makeSessions();
    const [cookie, other] = [cookieOf(), cookieOf()];
    close(undefined);
    expect(identify(cookie)?.name).toBe('ops');
    close(`a=b; ${cookie}`);
    expect(identify(cookie)).toBeNull();
    expect(identify(other)?.name).toBe('ops');
  });

  test('ends after eight hours', () => {
    const { identify, cookieOf, at } = makeSessions();
    const cookie = cookieOf();
    at(START_MS + 8 * HOUR_MS - 1);
    expect(identify(cookie)?.name).toBe('ops');
    at(START_MS + 8 * HOUR_MS);
    expect(identify(cookie)).toBeNull();
  });

  test('ends with its key, and with its process', () => {
    const { identify, cookieOf, at } = makeSessions({ keys: [{ ...apiKey, expiresAtMs: START_MS + HOUR_MS }] });
    const cookie = cookieOf();
    at(START_MS + HOUR_MS - 1);
    expect(identify(cookie)?.name).toBe('ops');
    at(START_MS + HOUR_MS);
    expect(identify(cookie)).toBeNull();
    expect(makeSessions().identify(makeSessions().cookieOf())).toBeNull();
  });

  test('ends at once when its key is taken away, and outside its networks', () => {
    const { identify, cookieOf, revoke } = makeSessions();
    const cookie = cookieOf();
    revoke();
    expect(identify(cookie)).toBeNull();
    const elsewhere = makeSessions({ keys: [{ ...apiKey, networks: ['192.0.2.1'] }] });
    expect(elsewhere.identify(elsewhere.cookieOf())).toBeNull();
  });

  test('is one of a thousand: of more, the oldest ends', () => {
    const { identify, cookieOf } = makeSessions();
    const [first, second, ...more] = Array.from({ length: 1_001 }, cookieOf);
    expect(identify(first)).toBeNull();
    expect([second, ...more].filter((cookie) => identify(cookie) === null)).toEqual([]);
  });

  test('nothing else is one', () => {
    const { identify, cookieOf } = makeSessions();
    const cookie = cookieOf();
    const others = [
      undefined,
      '',
      ';',
      'payout_codec',
      'payout_codec=',
      'payout_codec=ops',
      `x${cookie}`,
      `${cookie}x`,
    ];
    expect(others.filter((header) => identify(header) !== null)).toEqual([]);
  });
});
