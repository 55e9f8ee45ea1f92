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
  checking_text: 'It needs a closer look. There is nothing you need to do.',
  checking_hint: 'If you have questions, ask the organisation that pays you, and give them the reference.',

  paid_heading: 'Your payment has been sent',
  paid_text: 'The money is on its way to you. How soon you see it depends on your bank.',
  paid_hint: 'If it does not arrive, ask the organisation that pays you, and give them the reference.',

  not_paid_heading: 'This payment was not made',
  not_paid_text: 'It could not be completed.',
  not_paid_hint: 'Please ask the organisation that pays you what happens next, and give them the reference.',

  cancelled_heading: 'This payment was cancelled',
  cancelled_text: 'It was stopped before anything was sent.',
  cancelled_hint: 'If you did not expect this, ask the organisation that pays you, and give them the reference.',

  details_heading: 'Where should the money go?',
  details_text: 'You are about to receive a payment. Tell us where to send it.',
  details_hint: 'Not expecting this? Then leave it empty, and ask the organisation that pays you.',
  details_button: 'Send these details',
  details_safety: 'We never ask here for a password, a PIN or the security code of a card.',
  details_problem: 'Please check what you entered',
  details_until: 'Possible until',
  method: 'How you want to be paid',
  method_bank_account: 'Bank account',
  method_card: 'Card',
  optional: '(optional)',

  expired_heading: 'The time to enter your details is over',
  expired_text: 'Nothing was paid.',
  expired_hint: 'Please ask the organisation that pays you for a new link, and give them the reference.',

  field_accountNumber: 'Account number or IBAN',
  field_accountName: 'Name of the account holder',
  field_bankName: 'Name of the bank',
  field_bankBranch: 'Branch of the bank',
  field_bankCode: 'Code of the bank',
  field_bankAddress: 'Address of the bank',
  field_bankZipCode: 'Postal code of the bank',
  field_bankCity: 'City of the bank',
  field_bankProvince: 'Province of the bank',
  field_bankArea: 'Area of the bank',
  field_routingNumber: 'Routing number',
  field_cardNumber: 'Card number',
  field_cardHolder: 'Name on the card',
  field_expiryMonth: 'Expires in month',
  field_expiryYear: 'Expires in year',
  field_firstName: 'First name',
  field_lastName: 'Last name',
  field_email: 'E-mail address',
  field_phone: 'Phone number',
  field_address: 'Street and number',
  field_city: 'City',
  field_zipCode: 'Postal code',
  field_country: 'Country',
  field_state: 'State',
  field_birthday: 'Date of birth',

  hint_accountNumber: 'As it stands on your statement, such as DE89 3704 0044 0532 0130 00.',
  hint_country: 'Two letters, such as DE.',
  hint_state: 'Two letters, such as CA.',
  hint_expiryMonth: 'Two digits, such as 08.',
  hint_expiryYear: 'Four digits, such as 2029.',

  error_required: 'Please fill this in.',
  error_too_long: 'This is longer than can be used here.',
  error_iban: 'This IBAN is not right. Please compare every character.',
  error_card: 'This card number is not right. Please compare every digit.',
  error_card_expired: 'This card has expired.',
  error_format: 'This does not look right. Please check it.',

  unknown_heading: 'There is nothing here',
  unknown_text: 'Please check that the link is complete, or ask the organisation that pays you for a new one.',
  link_expired_heading: 'This link has expired',
  link_expired_text: 'Please ask the organisation that pays you if you want to know more about this payment.',
  busy_heading: 'That was too often in a short time',
  busy_text: 'Nothing is lost. Please wait a quarter of a minute, and try again.',
  unavailable_heading: 'We cannot show your payment right now',
  unavailable_text: 'This is a problem on our side. Please try again in a moment.',
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
  checking_text: 'Wir sehen sie uns genauer an. Sie müssen nichts tun.',
  checking_hint: 'Bei Fragen wenden Sie sich an die Stelle, die Ihnen zahlt, und nennen Sie die Referenz.',

  paid_heading: 'Ihre Zahlung wurde gesendet',
  paid_text: 'Das Geld ist auf dem Weg zu Ihnen. Wann Sie es sehen, hängt von Ihrer Bank ab.',
  paid_hint: 'Falls es nicht ankommt, fragen Sie die Stelle, die Ihnen zahlt, und nennen Sie die Referenz.',

  not_paid_heading: 'Diese Zahlung wurde nicht ausgeführt',
  not_paid_text: 'Sie konnte nicht abgeschlossen werden.',
  not_paid_hint: 'Bitte fragen Sie die Stelle, die Ihnen zahlt, wie es weitergeht, und nennen Sie die Referenz.',

  cancelled_heading: 'Diese Zahlung wurde abgebrochen',
  cancelled_text: 'Sie wurde angehalten, bevor etwas gesendet wurde.',
  cancelled_hint:
    'Falls Sie das nicht erwartet haben, fragen Sie die Stelle, die Ihnen zahlt, und nennen Sie die Referenz.',

  details_heading: 'Wohin soll das Geld?',
  details_text: 'Sie erhalten eine Zahlung. Sagen Sie uns, wohin wir sie senden sollen.',
  details_hint: 'Sie erwarten nichts? Dann lassen Sie alles leer und fragen Sie die Stelle, die Ihnen zahlt.',
  details_button: 'Angaben absenden',
  details_safety: 'Wir fragen hier nie nach einem Passwort, einer PIN oder der Prüfziffer einer Karte.',
  details_problem: 'Bitte prüfen Sie Ihre Angaben',
  details_until: 'Möglich bis',
  method: 'Wie Sie das Geld erhalten möchten',
  method_bank_account: 'Bankkonto',
  method_card: 'Karte',
  optional: '(freiwillig)',

  expired_heading: 'Die Zeit für Ihre Angaben ist vorbei',
  expired_text: 'Es wurde nichts gezahlt.',
  expired_hint: 'Bitten Sie die Stelle, die Ihnen zahlt, um einen neuen Link, und nennen Sie die Referenz.',

  field_accountNumber: 'Kontonummer oder IBAN',
  field_accountName: 'Name des Kontoinhabers',
  field_bankName: 'Name der Bank',
  field_bankBranch: 'Filiale der Bank',
  field_bankCode: 'Bankleitzahl',
  field_bankAddress: 'Anschrift der Bank',
  field_bankZipCode: 'Postleitzahl der Bank',
  field_bankCity: 'Ort der Bank',
  field_bankProvince: 'Provinz der Bank',
  field_bankArea: 'Gebiet der Bank',
  field_routingNumber: 'Leitwegnummer',
  field_cardNumber: 'Kartennummer',
  field_cardHolder: 'Name auf der Karte',
  field_expiryMonth: 'Gültig bis Monat',
  field_expiryYear: 'Gültig bis Jahr',
  field_firstName: 'Vorname',
  field_lastName: 'Nachname',
  field_email: 'E-Mail-Adresse',
  field_phone: 'Telefonnummer',
  field_address: 'Straße und Hausnummer',
  field_city: 'Ort',
  field_zipCode: 'Postleitzahl',
  field_country: 'Land',
  field_state: 'Bundesland',
  field_birthday: 'Geburtsdatum',

  hint_accountNumber: 'Wie auf Ihrem Kontoauszug, zum Beispiel DE89 3704 0044 0532 0130 00.',
  hint_country: 'Zwei Buchstaben, zum Beispiel DE.',
  hint_state: 'Zwei Buchstaben, zum Beispiel BY.',
  hint_expiryMonth: 'Zwei Ziffern, zum Beispiel 08.',
  hint_expiryYear: 'Vier Ziffern, zum Beispiel 2029.',

  error_required: 'Bitte füllen Sie dieses Feld aus.',
  error_too_long: 'Das ist länger, als es hier sein kann.',
  error_iban: 'Diese IBAN stimmt nicht. Bitte vergleichen Sie jedes Zeichen.',
  error_card: 'Diese Kartennummer stimmt nicht. Bitte vergleichen Sie jede Ziffer.',
  error_card_expired: 'Diese Karte ist abgelaufen.',
  error_format: 'Das sieht nicht richtig aus. Bitte prüfen Sie es.',

  unknown_heading: 'Hier ist nichts',
  unknown_text:
    'Bitte prüfen Sie, ob der Link vollständig ist, oder bitten Sie die Stelle, die Ihnen zahlt, um einen neuen.',
  link_expired_heading: 'Dieser Link ist abgelaufen',
  link_expired_text: 'Wenn Sie mehr über diese Zahlung wissen möchten, fragen Sie bitte die Stelle, die Ihnen zahlt.',
  busy_heading: 'Das war zu oft in kurzer Zeit',
  busy_text: 'Nichts ist verloren. Bitte warten Sie eine Viertelminute, und versuchen Sie es dann noch einmal.',
  unavailable_heading: 'Wir können Ihre Zahlung gerade nicht anzeigen',
  unavailable_text: 'Das liegt an uns. Bitte versuchen Sie es gleich noch einmal.',
};

export const TEXTS: Readonly<Record<Language, Texts>> = { en: EN, de: DE };
