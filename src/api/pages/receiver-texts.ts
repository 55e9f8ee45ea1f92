/** The languages of the Receiver's pages; the first is spoken when a browser names neither. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Every text of the Receiver's pages. They promise nothing that is not known, and use no word of ours. */
const EN = {
  language: 'English',
  title: 'Your payment',
  amount: 'Amount',
  destination: 'To',
  reference: 'Reference',
  look_again: 'Look again',
  updates_itself: 'This page shows news by itself.',

  working_heading: 'Your payment is being processed',
  working_text: 'This can take some minutes, sometimes longer. There is nothing you need to do.',
  working_hint: 'You may close this page. The same link brings you back.',

  form_heading: 'One more step is needed',
  form_text: 'The service that makes this payment needs a confirmation from you before it can go on.',
  form_button: 'Continue to',
  form_hint: 'This opens another website. Afterwards you come back here.',

  checking_heading: 'Your payment is being checked',
  checking_text: 'A person is looking at it. There is nothing you need to do.',
  checking_hint: 'If you have questions, ask the organisation that pays you, and give them the reference.',

  paid_heading: 'Your payment has been sent',
  paid_text: 'The money is on its way to you. How soon you see it depends on your bank.',
  paid_hint: 'If it does not arrive, ask the organisation that pays you, and give them the reference.',

  not_paid_heading: 'This payment was not made',
  not_paid_text: 'It could not be completed. The organisation that pays you has been told.',
  not_paid_hint: 'Please ask them what happens next, and give them the reference.',

  cancelled_heading: 'This payment was cancelled',
  cancelled_text: 'It was stopped before anything was sent.',
  cancelled_hint: 'If you did not expect this, ask the organisation that pays you, and give them the reference.',

  unknown_heading: 'There is nothing here',
  unknown_text: 'Please check that the link is complete, or ask the organisation that pays you for a new one.',
  link_expired_heading: 'This link has expired',
  link_expired_text: 'Please ask the organisation that pays you if you want to know more about this payment.',
  unavailable_heading: 'We cannot show your payment right now',
  unavailable_text: 'Nothing about the payment has changed because of this. Please try again in a moment.',
} as const;

export type TextKey = keyof typeof EN;
export type Texts = Readonly<Record<TextKey, string>>;

const DE: Texts = {
  language: 'Deutsch',
  title: 'Ihre Zahlung',
  amount: 'Betrag',
  destination: 'An',
  reference: 'Referenz',
  look_again: 'Erneut nachsehen',
  updates_itself: 'Neues erscheint hier von selbst.',

  working_heading: 'Ihre Zahlung wird bearbeitet',
  working_text: 'Das kann einige Minuten dauern, manchmal länger. Sie müssen nichts tun.',
  working_hint: 'Sie können diese Seite schließen. Derselbe Link führt Sie wieder hierher.',

  form_heading: 'Es fehlt noch ein Schritt',
  form_text: 'Der Dienst, der diese Zahlung ausführt, braucht eine Bestätigung von Ihnen, bevor es weitergeht.',
  form_button: 'Weiter zu',
  form_hint: 'Es öffnet sich eine andere Website. Danach kommen Sie hierher zurück.',

  checking_heading: 'Ihre Zahlung wird geprüft',
  checking_text: 'Ein Mensch sieht sie sich an. Sie müssen nichts tun.',
  checking_hint: 'Bei Fragen wenden Sie sich an die Stelle, die Ihnen zahlt, und nennen Sie die Referenz.',

  paid_heading: 'Ihre Zahlung wurde gesendet',
  paid_text: 'Das Geld ist auf dem Weg zu Ihnen. Wann Sie es sehen, hängt von Ihrer Bank ab.',
  paid_hint: 'Falls es nicht ankommt, fragen Sie die Stelle, die Ihnen zahlt, und nennen Sie die Referenz.',

  not_paid_heading: 'Diese Zahlung wurde nicht ausgeführt',
  not_paid_text: 'Sie konnte nicht abgeschlossen werden. Die Stelle, die Ihnen zahlt, weiß davon.',
  not_paid_hint: 'Bitte fragen Sie dort, wie es weitergeht, und nennen Sie die Referenz.',

  cancelled_heading: 'Diese Zahlung wurde abgebrochen',
  cancelled_text: 'Sie wurde angehalten, bevor etwas gesendet wurde.',
  cancelled_hint:
    'Falls Sie das nicht erwartet haben, fragen Sie die Stelle, die Ihnen zahlt, und nennen Sie die Referenz.',

  unknown_heading: 'Hier ist nichts',
  unknown_text:
    'Bitte prüfen Sie, ob der Link vollständig ist, oder bitten Sie die Stelle, die Ihnen zahlt, um einen neuen.',
  link_expired_heading: 'Dieser Link ist abgelaufen',
  link_expired_text: 'Wenn Sie mehr über diese Zahlung wissen möchten, fragen Sie bitte die Stelle, die Ihnen zahlt.',
  unavailable_heading: 'Wir können Ihre Zahlung gerade nicht anzeigen',
  unavailable_text: 'An der Zahlung hat sich dadurch nichts geändert. Bitte versuchen Sie es gleich noch einmal.',
};

export const TEXTS: Readonly<Record<Language, Texts>> = { en: EN, de: DE };

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
