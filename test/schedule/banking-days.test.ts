import { type BankCalendar, createBankingDays, isKnownCountry } from '../../src/schedule/banking-days';

const BAVARIA = { country: 'DE', region: 'BY', cutOff: '16:00', zone: 'Europe/Berlin' };

function move(time: string, calendar: Partial<BankCalendar> = {}) {
  const schedule = createBankingDays({ ...BAVARIA, ...calendar }).move(Date.parse(time));
  if (schedule === null) return 'as asked';
  expect(schedule.moved?.fromMs).toBe(Date.parse(time));
  return `${new Date(schedule.executeAtMs).toISOString()} ${schedule.moved?.because}`;
}

it.each([
  ['an ordinary morning', '2027-03-01T09:00:00+01:00', 'as asked'],
  ['a moment before the cut-off', '2027-03-01T15:59:59.999+01:00', 'as asked'],
  ['the cut-off', '2027-03-01T16:00:00+01:00', '2027-03-01T23:00:00.000Z cut-off at 16:00 Europe/Berlin'],
  ['a Friday evening', '2027-03-05T18:00:00+01:00', '2027-03-07T23:00:00.000Z cut-off at 16:00 Europe/Berlin'],
  ['a Saturday', '2027-03-06T09:00:00+01:00', '2027-03-07T23:00:00.000Z weekend'],
  ['New Year, before a weekend', '2027-01-01T10:00:00+01:00', "2027-01-03T23:00:00.000Z New Year's Day"],
  ['Epiphany, in Bavaria', '2027-01-06T10:00:00+01:00', '2027-01-06T23:00:00.000Z Epiphany'],
  ['the night in which the clocks go forward', '2027-03-28T02:30:00Z', '2027-03-29T22:00:00.000Z weekend'],
  [
    'the night in which the clocks go back, before All Saints',
    '2027-10-31T00:30:00Z',
    '2027-11-01T23:00:00.000Z weekend',
  ],
])('%s', (_what, time, moved) => {
  expect(move(time)).toBe(moved);
});

it('a day is one of the zone, wherever this process runs', () => {
  // Friday evening in New York is Saturday in Berlin.
  expect(move('2027-03-05T20:00:00-05:00')).toContain('weekend');
  expect(move('2027-03-05T15:00:00-05:00', { country: 'US', region: null, zone: 'America/New_York' })).toBe('as asked');
});

it('only a region has the holidays of its own', () => {
  expect(move('2027-01-06T10:00:00+01:00', { region: null })).toBe('as asked');
});

it('a holiday that begins in the afternoon is no holiday', () => {
  // In Germany Christmas Eve is a bank holiday from 14:00 on.
  expect(move('2026-12-24T10:00:00+01:00')).toBe('as asked');
});

it('knows the countries and regions that have holidays', () => {
  expect([isKnownCountry('DE', null), isKnownCountry('DE', 'BY'), isKnownCountry('US', 'CA')]).toEqual([
    true,
    true,
    true,
  ]);
  expect([isKnownCountry('XX', null), isKnownCountry('DE', 'XX'), isKnownCountry('', null)]).toEqual([
    false,
    false,
    false,
  ]);
});
