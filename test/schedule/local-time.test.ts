import { readMoment, TimeError } from '../../src/schedule/local-time';

const iso = (time: string, zone?: string) => new Date(readMoment(time, zone)).toISOString();

describe('a time with its offset', () => {
  it.each([
    ['2027-03-01T09:00:00+01:00', '2027-03-01T08:00:00.000Z'],
    ['2027-03-01T09:00:00Z', '2027-03-01T09:00:00.000Z'],
    ['2027-03-01T09:00-03:30', '2027-03-01T12:30:00.000Z'],
    ['2027-03-01T09:00:00.250Z', '2027-03-01T09:00:00.250Z'],
  ])('%s is one moment', (time, moment) => {
    expect(iso(time)).toBe(moment);
  });
});

describe('a local time in its zone', () => {
  it.each([
    ['2027-03-28T01:59:59', 'Europe/Berlin', '2027-03-28T00:59:59.000Z'],
    ['2027-03-28T03:00', 'Europe/Berlin', '2027-03-28T01:00:00.000Z'],
    ['2027-10-31T03:00', 'Europe/Berlin', '2027-10-31T02:00:00.000Z'],
    ['2027-03-14T03:00', 'America/New_York', '2027-03-14T07:00:00.000Z'],
    ['2027-07-01T12:00', 'Asia/Kathmandu', '2027-07-01T06:15:00.000Z'],
    ['2027-04-04T12:00', 'Australia/Lord_Howe', '2027-04-04T01:30:00.000Z'],
  ])('%s in %s is one moment, on each side of a change of the clocks', (time, zone, moment) => {
    expect(iso(time, zone)).toBe(moment);
  });

  it.each([
    ['skipped', '2027-03-28T02:30', 'Europe/Berlin'],
    ['skipped', '2027-03-14T02:00', 'America/New_York'],
    ['repeated', '2027-10-31T02:30', 'Europe/Berlin'],
    ['repeated', '2027-11-07T01:15', 'America/New_York'],
    ['repeated, by half an hour', '2027-04-04T01:45', 'Australia/Lord_Howe'],
  ])('one that is %s is refused, not guessed', (_how, time, zone) => {
    expect(() => readMoment(time, zone)).toThrow(expect.objectContaining({ name: 'TimeError', field: 'executeAt' }));
  });
});

it.each([
  ['executeAt', 'tomorrow', undefined],
  ['executeAt', '2027-02-30T09:00:00Z', undefined],
  ['executeAt', '2027-02-30T09:00', 'Europe/Berlin'],
  ['executeAt', '2027-02-01', 'Europe/Berlin'],
  ['executeAt', '2027-03-01 09:00:00Z', undefined],
  ['executeAt', '2027-03-01T09:00:00+25:00', undefined],
  ['executeAt', '', undefined],
  ['timeZone', '2027-03-01T09:00', undefined],
  ['timeZone', '2027-03-01T09:00', 'Mars/Olympus'],
  ['timeZone', '2027-03-01T09:00', '+01:00'],
  ['timeZone', '2027-03-01T09:00:00Z', 'Europe/Berlin'],
])('%s is wrong in %s with %s, and the text does not repeat it', (field, time, zone) => {
  let thrown: unknown;
  try {
    readMoment(time, zone);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(TimeError);
  expect(thrown).toMatchObject({ field });
  if (time !== '') expect((thrown as TimeError).message).not.toContain(time);
});
