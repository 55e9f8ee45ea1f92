import { createCalendar, isZone } from '../../src/domain/periods';

const at = (iso: string) => Date.parse(iso);

it.each([
  ['UTC', '2026-11-29T23:59:59.999Z', '2026-11-29'],
  ['Europe/Berlin', '2026-11-29T22:59:59.999Z', '2026-11-29'],
  ['Europe/Berlin', '2026-11-29T23:00:00Z', '2026-11-30'],
  ['Pacific/Auckland', '2026-11-29T11:00:00Z', '2026-11-30'],
  ['America/New_York', '2027-01-01T04:59:59Z', '2026-12-31'],
])('in %s it is at %s the day %s', (zone, iso, day) => {
  expect(createCalendar(zone).periodAt('day', at(iso)).period).toBe(day);
  expect(createCalendar(zone).periodAt('month', at(iso)).period).toBe(day.slice(0, 7));
});

it.each([
  ['an ordinary day', 'day', 'UTC', '2026-11-29T10:00:00Z', '2026-11-30T00:00:00Z'],
  ['its last millisecond', 'day', 'UTC', '2026-11-29T23:59:59.999Z', '2026-11-30T00:00:00Z'],
  ['its first millisecond', 'day', 'UTC', '2026-11-29T00:00:00Z', '2026-11-30T00:00:00Z'],
  ['a day of 25 hours', 'day', 'Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ['a day of 23 hours', 'day', 'Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
  ['a day that was left out', 'day', 'Pacific/Apia', '2011-12-29T12:00:00Z', '2011-12-30T10:00:00Z'],
  ['a month', 'month', 'Europe/Berlin', '2026-10-01T00:00:00Z', '2026-10-31T23:00:00Z'],
  ['February', 'month', 'UTC', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z'],
] as const)('after %s the next begins where the calendar says', (_what, window, zone, iso, next) => {
  expect(new Date(createCalendar(zone).periodAt(window, at(iso)).endsAtMs).toISOString()).toBe(
    new Date(next).toISOString(),
  );
});

it('the names of zones are those of the IANA database', () => {
  expect(['Europe/Berlin', 'UTC', 'Etc/GMT+5', 'America/Argentina/Ushuaia'].filter(isZone)).toHaveLength(4);
  expect(['', 'x', '+02:00', 'Berlin', 'Mars/Base', '../etc/passwd', 'Europe/'].filter(isZone)).toEqual([]);
});
