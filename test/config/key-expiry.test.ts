import { readApiKeys } from '../../src/config/api-keys';
import { listExpiring, warnOfExpiry } from '../../src/config/key-expiry';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 11, 1, 12);
const { keys } = readApiKeys(
  JSON.stringify(
    [
      ['never', undefined],
      ['over', '2026-12-01'],
      ['soon', '2026-12-15'],
      ['soon', '2026-12-03'],
      ['later', '2026-12-16'],
    ].map(([name, expires], at) => ({
      ...{ name, scopes: ['codec'], hash: `sha256:${String(at).repeat(64)}` },
      ...(expires === undefined ? {} : { expires }),
    })),
  ),
);

it('keys that expire within 14 days are listed, the first of each caller', () => {
  expect([...listExpiring(keys, NOW_MS)]).toEqual([['soon', Date.UTC(2026, 11, 3)]]);
});

it('they are warned of at start and once a day, until they are over', () => {
  jest.useFakeTimers();
  let nowMs = NOW_MS;
  const passDay = () => {
    nowMs += DAY_MS;
    jest.advanceTimersByTime(DAY_MS);
  };
  try {
    const lines: unknown[][] = [];
    const { close } = warnOfExpiry({
      keys: () => keys,
      log: { warn: (...line: unknown[]) => void lines.push(line) },
      now: () => nowMs,
    });
    const said = (caller: string, expires: string) => [{ caller, expires }, 'an API key expires soon'];
    expect(lines.splice(0)).toEqual([said('soon', '2026-12-03')]);
    passDay();
    expect(lines.splice(0)).toEqual([said('soon', '2026-12-03'), said('later', '2026-12-16')]);
    passDay();
    expect(lines.splice(0)).toEqual([said('soon', '2026-12-15'), said('later', '2026-12-16')]);
    close();
    passDay();
    expect(lines).toEqual([]);
  } finally {
    jest.useRealTimers();
  }
});
