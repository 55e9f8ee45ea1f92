import ar from '../../../web/receiver/texts/ar.json';
import de from '../../../web/receiver/texts/de.json';
import en from '../../../web/receiver/texts/en.json';
import es from '../../../web/receiver/texts/es.json';
import fr from '../../../web/receiver/texts/fr.json';
import it from '../../../web/receiver/texts/it.json';
import { type Markup, markup, type Part } from '../plugins/markup';

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;

/** The texts of the Receiver's pages, a file for each language; the first is for browsers that ask for none of them. */
export const TEXTS = { en, de, es, fr, it, ar } satisfies Readonly<Record<string, Texts>>;
export type Language = keyof typeof TEXTS;
export const LANGUAGES = Object.keys(TEXTS) as Language[];

/** A reader's language for texts, and their locale for numbers and dates. */
export interface Reader {
  readonly language: Language;
  readonly locale: string;
}

function isLanguage(text: unknown): text is Language {
  return (LANGUAGES as readonly unknown[]).includes(text);
}

/**
 * The language asked for by name, else the first known one in the order of `Accept-Language` (RFC 9110), else English; with the region
 * that the browser names for it.
 */
export function chooseReader(asked: unknown, acceptLanguage: string | undefined): Reader {
  const preferred = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((item) => {
      const [range = '', quality = ''] = item.split(';');
      const [, name = '', region] = /^\s*([a-z]{2})(?:-([a-z]{2}))?/i.exec(range) ?? [];
      const weight = /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(quality)?.[1];
      return { language: name.toLowerCase(), region, weight: Number(weight ?? 1) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((left, right) => right.weight - left.weight);
  const named = isLanguage(asked) ? asked : preferred.map(({ language }) => language).find(isLanguage);
  const language = named ?? LANGUAGES[0] ?? 'en';
  const region = preferred.find((range) => range.language === language && range.region !== undefined)?.region;
  return { language, locale: region === undefined ? TEXTS[language].locale : `${language}-${region}` };
}

/** A text with values in the places that it names, such as `{payer}`. */
export function say(text: string, values: Readonly<Record<string, Part>>): Markup {
  const parts = text.split(/\{(\w+)\}/);
  return markup`${parts.map((part, at) => markup`${at % 2 === 0 ? part : (values[part] ?? null)}`)}`;
}

/** An amount of money as the reader writes it. The digits are never converted to a number: a decimal string keeps every one of them. */
export function writeAmount(amount: string, currency: string, locale: string): string {
  const digits = Math.min(amount.split('.')[1]?.length ?? 0, 20);
  const format = new Intl.NumberFormat(locale, {
    ...{ style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits },
  });
  return format.format(amount as `${number}`);
}

/** As in `web/receiver/times.js`. */
const TIME_FORMAT: Intl.DateTimeFormatOptions = {
  ...({ day: 'numeric', month: 'short', year: 'numeric' } as const),
  ...({ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' } as const),
};

/** A moment to the minute: in UTC, until the page's script writes it in the time zone of the browser. */
export function writeTime(atMs: number, locale: string): Markup {
  const written = new Intl.DateTimeFormat(locale, { ...TIME_FORMAT, timeZone: 'UTC' }).format(atMs);
  return markup`<time datetime="${new Date(atMs).toISOString()}">${written}</time>`;
}

/** `19900228` as the reader writes a day. */
export function writeDay(day: string, locale: string): string {
  const [, year, month, date] = /^(\d{4})(\d\d)(\d\d)$/.exec(day) ?? [];
  const atMs = Date.UTC(Number(year), Number(month) - 1, Number(date));
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(atMs);
}

/** The names of countries in the reader's language. */
export function countryNames(locale: string): (code: string) => string {
  const names = new Intl.DisplayNames([locale], { type: 'region' });
  return (code) => names.of(code) ?? code;
}
