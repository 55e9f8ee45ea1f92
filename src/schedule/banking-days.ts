import { Temporal } from '@js-temporal/polyfill';
import type Holidays from 'date-holidays';
import type { Schedule } from '../domain/gate';

/** The days on which an endpoint pays, and until when on such a day. */
export interface BankCalendar {
  /** ISO 3166-1 alpha-2, and a part of that country for holidays of its own. */
  readonly country: string;
  readonly region: string | null;
  /** `HH:MM` in the zone: from then on it is the next banking day's. */
  readonly cutOff: string;
  readonly zone: string;
}

/** Moves moments to banking days. */
export interface BankingDays {
  /** The schedule for a wanted moment; null when it may be sent then and needs none to be. */
  move(atMs: number): Schedule | null;
}

const MOST_DAYS_OFF = 60;
const DAYS_OFF = ['public', 'bank'];

/** Loaded with the first calendar: it is a sixth of what a process loads, and most have no calendar. */
function loadHolidays(): typeof Holidays {
  return require('date-holidays');
}

/** True for a country, or a part of one, whose holidays are known. */
export function isKnownCountry(country: string, region: string | null): boolean {
  const known = new (loadHolidays())();
  if (known.getCountries('en')?.[country] === undefined) return false;
  return region === null || known.getStates(country, 'en')?.[region] !== undefined;
}

/** The banking days of a calendar: Monday to Friday without public and bank holidays. */
export function createBankingDays(calendar: BankCalendar): BankingDays {
  const { country, region, zone, cutOff } = calendar;
  const Known = loadHolidays();
  const holidays = region === null ? new Known(country) : new Known(country, region);
  holidays.setLanguages('en');
  const byYear = new Map<number, ReadonlyMap<string, string>>();

  function holidaysOf(year: number): ReadonlyMap<string, string> {
    const known = byYear.get(year);
    if (known !== undefined) return known;
    const names = new Map<string, string>();
    for (const { date, start, end, name, type } of holidays.getHolidays(year)) {
      if (!DAYS_OFF.includes(type)) continue;
      const begins = Temporal.PlainDateTime.from(date.slice(0, 19).replace(' ', 'T'));
      const hours = Math.round((end.getTime() - start.getTime()) / 3_600_000);
      for (const day of daysWithNoonIn(begins, begins.add({ hours }))) names.set(day, name);
    }
    byYear.set(year, names);
    return names;
  }

  /** Why nothing is paid on a day; null for a banking day. */
  function whyOff(day: Temporal.PlainDate): string | null {
    if (day.dayOfWeek > 5) return 'weekend';
    return holidaysOf(day.year).get(day.toString()) ?? null;
  }

  return {
    move(atMs) {
      const asked = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone);
      let day = asked.toPlainDate();
      const isLate = Temporal.PlainTime.compare(asked.toPlainTime(), Temporal.PlainTime.from(cutOff)) >= 0;
      const because = whyOff(day) ?? (isLate ? `cut-off at ${cutOff} ${zone}` : null);
      if (because === null) return null;
      for (let days = 0; days < MOST_DAYS_OFF; days += 1) {
        day = day.add({ days: 1 });
        if (whyOff(day) !== null) continue;
        return { executeAtMs: day.toZonedDateTime(zone).epochMilliseconds, moved: { fromMs: atMs, because } };
      }
      throw new Error('expected a banking day within two months');
    },
  };
}

/** A day counts as a holiday when its noon is in it: one from 14:00 on is not, one from sunset to sunset is one day. */
function daysWithNoonIn(begins: Temporal.PlainDateTime, ends: Temporal.PlainDateTime): string[] {
  const days: string[] = [];
  let noon = begins.withPlainTime('12:00');
  if (Temporal.PlainDateTime.compare(noon, begins) < 0) noon = noon.add({ days: 1 });
  for (; Temporal.PlainDateTime.compare(noon, ends) < 0; noon = noon.add({ days: 1 }))
    days.push(noon.toPlainDate().toString());
  return days;
}
