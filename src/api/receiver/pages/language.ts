import { LANGUAGES, type Language } from './receiver-texts';

function isLanguage(text: unknown): text is Language {
  return (LANGUAGES as readonly unknown[]).includes(text);
}

/** The language asked for by name, else the first known one in the order of `Accept-Language` (RFC 9110), else English. */
export function chooseLanguage(asked: unknown, acceptLanguage: string | undefined): Language {
  if (isLanguage(asked)) return asked;
  const preferred = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((item) => {
      const [range = '', quality = ''] = item.split(';');
      const weight = /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(quality)?.[1];
      return { language: range.trim().toLowerCase().split('-', 1)[0], weight: Number(weight ?? 1) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((left, right) => right.weight - left.weight)
    .find(({ language }) => isLanguage(language))?.language;
  return isLanguage(preferred) ? preferred : LANGUAGES[0];
}

/** An amount with its currency's code, in the language's way of writing numbers; digits as they are. */
export function writeAmount(amount: string, currency: string, language: Language): string {
  const [whole = '', fraction] = amount.split('.');
  const [group, point] = language === 'de' ? ['.', ','] : [',', '.'];
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, group);
  return `${grouped}${fraction === undefined ? '' : point + fraction} ${currency}`;
}

/** A moment to the minute, in words of the language and in UTC: nobody knows where the reader is. */
export function writeTime(atMs: number, language: Language): string {
  const locale = language === 'de' ? 'de-DE' : 'en-GB';
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(atMs)} UTC`;
}
