import { createCodecSessions } from '../../../src/api/codec/session';
import { type ApiKey, hashApiKey, makeApiKey } from '../../../src/api-keys';

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

function sessionsWith(options: Partial<Parameters<typeof createCodecSessions>[0]> = {}) {
  return createCodecSessions({
    apiKeys: [entry()],
    hashKey: 'h'.repeat(32),
    isHttps: false,
    now: () => START_MS,
    ...options,
  });
}
const cookieOf = (header: string): string => header.split(';', 1)[0] ?? '';
const cookie = cookieOf(sessionsWith().open(caller, key));

describe('a session', () => {
  test('is known by its cookie, also among others and in another process', () => {
    expect(sessionsWith().identify(cookie)).toEqual({ name: 'ops', scopes: ['codec'] });
    expect(sessionsWith().identify(`a=b; payout_codec=of-another-path; ${cookie}; c=d`)?.name).toBe('ops');
  });

  test('is kept from scripts, from other sites and from other routes', () => {
    expect(sessionsWith().open(caller, key).split('; ').slice(1)).toEqual([
      'HttpOnly',
      'SameSite=Strict',
      'Path=/codec',
      'Max-Age=28800',
    ]);
    expect(sessionsWith({ isHttps: true }).open(caller, key).split('; ')).toContain('Secure');
    expect(sessionsWith({ isHttps: true }).close()).toBe(
      'payout_codec=; HttpOnly; SameSite=Strict; Path=/codec; Secure; Max-Age=0',
    );
  });

  test('holds nothing of the key', () => {
    expect(cookie).not.toContain(key);
    expect(cookie).not.toContain(hashApiKey(key).toString('hex'));
    expect(cookie).not.toContain(hashApiKey(key).toString('base64url'));
  });

  test('ends after eight hours', () => {
    const at = (nowMs: number) => sessionsWith({ now: () => nowMs }).identify(cookie);
    expect(at(START_MS + 8 * HOUR_MS - 1)?.name).toBe('ops');
    expect(at(START_MS + 8 * HOUR_MS)).toBeNull();
  });

  test('ends with its entry: taken away, expired, or the same name with another key', () => {
    expect(sessionsWith({ apiKeys: [] }).identify(cookie)).toBeNull();
    expect(sessionsWith({ apiKeys: [entry({ expiresAtMs: START_MS })] }).identify(cookie)).toBeNull();
    expect(sessionsWith({ apiKeys: [entry({ expiresAtMs: START_MS + 1 })] }).identify(cookie)?.name).toBe('ops');
    const other = entry({ hash: hashApiKey(makeApiKey()).toString('hex') });
    expect(sessionsWith({ apiKeys: [other] }).identify(cookie)).toBeNull();
    expect(sessionsWith({ apiKeys: [other, entry()] }).identify(cookie)?.name).toBe('ops');
  });

  test('has the scopes its entry has now', () => {
    const apiKeys = [entry({ scopes: ['payouts:read'] })];
    expect(sessionsWith({ apiKeys }).identify(cookie)?.scopes).toEqual(['payouts:read']);
  });

  test('cannot be changed: no character of it', () => {
    const value = cookie.slice('payout_codec='.length);
    const changed = [...value].map((character, index) => {
      const other = character === 'b' ? 'c' : 'b';
      return `payout_codec=${value.slice(0, index)}${other}${value.slice(index + 1)}`;
    });
    // The last character of the hash carries two bits that mean nothing.
    expect(changed.slice(0, -1).filter((header) => sessionsWith().identify(header) !== null)).toEqual([]);
    expect(sessionsWith({ hashKey: 'i'.repeat(32) }).identify(cookie)).toBeNull();
  });

  test('nothing else is one', () => {
    const others = [undefined, '', ';', 'payout_codec', 'payout_codec=', 'payout_codec=ops', 'payout_codec=ops.1.x'];
    expect(others.filter((header) => sessionsWith().identify(header) !== null)).toEqual([]);
  });
});
