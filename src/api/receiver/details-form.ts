import { COUNTRY_CODES } from '../../domain/countries';
import { looksLikeIban } from '../../domain/normalise';
import { holdsCardNumber } from '../plugins/card-number';
import { type Markup, markup } from '../plugins/markup';
import { countriesBeyond, IBAN_LENGTHS, inGroups, likelyCountriesBeyond } from './iban-lengths';
import { countryNames, type Reader, say, TEXTS } from './language';
import type { FormErrors, FormField, FormFieldKey, FormPlan } from './receiver-form';

export interface DetailsForm {
  readonly plan: FormPlan;
  /** What was entered before, by field name; never a card number. */
  readonly values: ReadonlyMap<string, string>;
  readonly errors: FormErrors;
  /** What was entered for the other ways of being paid, encrypted; empty for nothing. */
  readonly kept: string;
}

/** Where a form is, and for whom. */
export interface FormPlace {
  /** Path of the page. */
  readonly self: string;
  readonly reader: Reader;
  /** Who pays, as texts name them. */
  readonly payer: string;
  readonly currency: string;
}

/** How a browser helps with a field: what it may fill in, which keyboard it shows, what the page's script checks. */
interface Aid {
  readonly autocomplete?: string;
  readonly inputmode?: 'numeric' | 'tel' | 'email';
  readonly capitals?: 'words' | 'characters';
  readonly type?: 'date';
  readonly check?: 'iban' | 'card';
}
const AIDS: Readonly<Partial<Record<FormFieldKey, Aid>>> = {
  accountNumber: { check: 'iban', capitals: 'characters' },
  accountName: { autocomplete: 'name', capitals: 'words' },
  cardNumber: { autocomplete: 'cc-number', inputmode: 'numeric', check: 'card' },
  cardHolder: { autocomplete: 'cc-name', capitals: 'words' },
  expiryMonth: { autocomplete: 'cc-exp-month', inputmode: 'numeric' },
  expiryYear: { autocomplete: 'cc-exp-year', inputmode: 'numeric' },
  firstName: { autocomplete: 'given-name', capitals: 'words' },
  lastName: { autocomplete: 'family-name', capitals: 'words' },
  email: { autocomplete: 'email', inputmode: 'email' },
  phone: { autocomplete: 'tel', inputmode: 'tel' },
  address: { autocomplete: 'address-line1', capitals: 'words' },
  city: { autocomplete: 'address-level2', capitals: 'words' },
  zipCode: { autocomplete: 'postal-code', capitals: 'characters' },
  country: { autocomplete: 'country' },
  state: { autocomplete: 'address-level1', capitals: 'characters' },
  birthday: { autocomplete: 'bday', type: 'date' },
};

/** Written left to right in every language, from the first character on. */
const LEFT_TO_RIGHT: ReadonlySet<FormFieldKey> = new Set([
  ...(['accountNumber', 'bankCode', 'routingNumber', 'cardNumber', 'expiryMonth', 'expiryYear'] as const),
  ...(['email', 'phone', 'state'] as const),
]);

/** The form in which the Receiver enters an account or card. Works without script; a message is beside its field. */
export function renderDetailsForm({ plan, values, errors, kept }: DetailsForm, at: FormPlace): Markup {
  const texts = TEXTS[at.reader.language];
  const { method, methods, fields } = plan;
  const action = `${at.self}?lang=${at.reader.language}`;
  const ways = methods.map((way) => {
    const isChosen = String(way === method);
    return markup`<button type="submit" name="way" value="${way}" aria-pressed="${isChosen}">${texts[`method_${way}`]}</button>`;
  });
  const wrong = fields.filter(({ name }) => errors.has(name));
  // Enter in a field presses the first button of a form: that of the form, not another way.
  const choice = markup`<button type="submit" hidden></button>
<input type="hidden" name="kept" value="${kept}">
<div class="ways" role="group" aria-label="${texts.method}">${ways}</div>`;
  return markup`<form id="details" method="post" action="${action}" novalidate autocomplete="on">
${methods.length > 1 ? choice : null}
<input type="hidden" name="by" value="${method}">
${wrong.length === 0 ? null : renderSummary(wrong, at)}
${fields.map((field) => renderField(field, { value: values.get(field.name) ?? '', error: errors.get(field.name) }, at))}
<button class="button" type="submit">${texts.details_button}</button>
<p class="hint safety">${texts.details_safety}</p>
</form>`;
}

function renderSummary(wrong: readonly FormField[], { reader }: FormPlace): Markup {
  const texts = TEXTS[reader.language];
  const items = wrong.map(({ name, key }) => markup`<li><a href="#${idOf(name)}">${texts[`field_${key}`]}</a></li>`);
  return markup`<div class="problem" role="alert" tabindex="-1"><h2>${texts.details_problem}</h2><ul>${items}</ul></div>`;
}

function renderField(
  field: FormField,
  { value, error }: { value: string; error: string | undefined },
  at: FormPlace,
): Markup {
  const texts = TEXTS[at.reader.language];
  const { name, key, isRequired } = field;
  const { check, ...aid } = AIDS[key] ?? {};
  const id = idOf(name);
  const hint = (texts as Readonly<Partial<Record<string, string>>>)[`hint_${key}`];
  const tell = (kind: string) => say(texts[`error_${kind}` as 'error_required'], { payer: at.payer });
  const beyond = key === 'accountNumber' ? countriesBeyond(field.maxLength) : [];
  const common = markup`id="${id}" name="${name}" autocomplete="${aid.autocomplete ?? 'off'}"
 aria-required="${String(isRequired)}" aria-invalid="${String(error !== undefined)}" aria-describedby="${hint === undefined ? '' : `${id}-hint `}${id}-error${check === 'iban' ? ` ${id}-right` : ''}"
 data-required="${texts.error_required}" data-check="${check ?? ''}" data-wrong="${check === undefined ? null : tell(check)}"
 data-lengths="${check === 'iban' ? IBAN_LENGTHS : null}" data-beyond="${beyond.join(' ')}" data-beyond-text="${beyond.length === 0 ? null : tell('iban_too_long')}"`;
  const control =
    key === 'country'
      ? markup`<select ${common}>${renderCountries(value, at.reader)}</select>`
      : markup`<input ${common} type="${aid.type ?? 'text'}" value="${toShow(value, field, error)}" inputmode="${aid.inputmode ?? 'text'}"
 dir="${LEFT_TO_RIGHT.has(key) ? 'ltr' : 'auto'}" spellcheck="false" autocapitalize="${aid.capitals ?? 'off'}">`;
  return markup`<div class="field">
<label for="${id}">${texts[`field_${key}`]}${isRequired ? null : markup` <span class="optional">${texts.optional}</span>`}</label>
${hint === undefined ? null : markup`<p class="hint" id="${id}-hint">${hint}</p>`}
${beyond.length === 0 ? null : renderLimit(field.maxLength, at)}
${control}
<p class="error" id="${id}-error">${error === undefined ? null : tell(error)}</p>
${check === 'iban' ? markup`<p class="right" id="${id}-right" role="status" data-text="${texts.iban_right}"></p>` : null}
</div>
`;
}

/** A card number is not sent back; nor is one that was put into another field and refused there. A date is as its control takes it. */
function toShow(value: string, { key }: FormField, error: string | undefined): string {
  const isMisplaced = error !== undefined && key !== 'accountNumber' && holdsCardNumber(value);
  if (key === 'cardNumber' || isMisplaced) return '';
  if (key === 'accountNumber' && looksLikeIban(value)) return inGroups(value);
  return key === 'birthday' ? value.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3') : value;
}

function renderCountries(chosen: string, { language, locale }: Reader): Markup {
  const nameOf = countryNames(locale);
  const { compare } = new Intl.Collator(locale);
  const options = COUNTRY_CODES.map((code) => ({ code, name: nameOf(code) }))
    .sort((left, right) => compare(left.name, right.name))
    .map(({ code, name }) => {
      const selected = code === chosen ? markup` selected` : null;
      return markup`<option value="${code}"${selected}>${name}</option>`;
    });
  return markup`<option value="">${TEXTS[language].choose}</option>${options}`;
}

/** Which IBANs this endpoint cannot take: shown before one is typed. */
function renderLimit(length: number, { reader: { language, locale }, payer, currency }: FormPlace): Markup | null {
  const codes = likelyCountriesBeyond(length, currency);
  if (codes.length === 0) return null;
  const texts = TEXTS[language];
  const countries = new Intl.ListFormat(locale).format(
    codes.map(countryNames(locale)).sort(new Intl.Collator(locale).compare),
  );
  return markup`<details class="limit"><summary>${texts.limit_title}</summary><p>${say(texts.limit_text, { length, countries, payer })}</p></details>`;
}

function idOf(name: string): string {
  return name.replaceAll('.', '-');
}
