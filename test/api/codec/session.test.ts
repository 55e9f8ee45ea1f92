import { createCodecSessions } from '../../../src/api/codec/session';
import { type ApiKey, hashApiKey, makeApiKey } from '../../../src/config/api-keys';

const START_MS = Date.parse('2026-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const key = makeApiKey();
const entry = (changes: Partial<ApiKey> = {}): ApiKey => ({
  name: 'ops',
  scopes: ['codec'],
  hash: hashApiKey(key).toString('hex'),
  expiresAtMs: null,
  ...changes,
});
const caller = { name: 'ops', scopes: ['codec'] as const };

function makeSessions(options: Partial<Parameters<typeof createCodecSessions>[0]> = {}) {
  let nowMs = START_MS;
  const sessions = createCodecSessions({ apiKeys: [entry()], isHttps: false, now: () => nowMs, ...options });
  const cookieOf = () => sessions.open(caller, key).split(';', 1)[0] ?? '';
  return { ...sessions, cookieOf, at: (ms: number) => (nowMs = ms) };
}

describe('a session', () => {
  test('is known by its cookie, also among others', () => {
    const { identify, cookieOf } = makeSessions();
    const cookie = cookieOf();
    expect(identify(cookie)).toEqual({ name: 'ops', scopes: ['codec'] });
    expect(identify(`a=b; payout_codec=of-another-path; ${cookie}; c=d`)?.name).toBe('ops');
  });

  test('is kept from scripts, from other sites and from other routes', () => {
    expect(makeSessions().open(caller, key).split('; ').slice(1)).toEqual([
      'HttpOnly',
      'SameSite=Strict',
      'Path=/codec',
      'Max-Age=28800',
    ]);
    const overTls = makeSessions({ isHttps: true });
    expect(overTls.open(caller, key).split('; ')).toContain('Secure');
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
    const { identify, cookieOf, at } = makeSessions({ apiKeys: [entry({ expiresAtMs: START_MS + HOUR_MS })] });
    const cookie = cookieOf();
    at(START_MS + HOUR_MS - 1);
    expect(identify(cookie)?.name).toBe('ops');
    at(START_MS + HOUR_MS);
    expect(identify(cookie)).toBeNull();
    expect(makeSessions().identify(makeSessions().cookieOf())).toBeNull();
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
