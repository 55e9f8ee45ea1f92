import de from '../../../web/receiver/texts/de.json';
import en from '../../../web/receiver/texts/en.json';

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;

/** The texts of the Receiver's pages, a file for each language; the first is for browsers that ask for none of them. */
export const TEXTS = { en, de } satisfies Readonly<Record<string, Texts>>;
export type Language = keyof typeof TEXTS;
export const LANGUAGES = Object.keys(TEXTS) as Language[];

/** What a reader gets: texts of a language, and numbers and dates as they are written where the reader is. */
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

/** An amount with the code of its currency. The digits are never made a number: a decimal string keeps every one of them. */
export function writeAmount(amount: string, currency: string, locale: string): string {
  const digits = Math.min(amount.split('.')[1]?.length ?? 0, 20);
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${format.format(amount as `${number}`)} ${currency}`;
}

/** A moment to the minute, in UTC: the reader's time zone is not known. */
export function writeTime(atMs: number, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(atMs)} UTC`;
}
