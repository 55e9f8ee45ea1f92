import { holdsCardNumber } from '../plugins/card-number';
import { type Markup, markup } from '../plugins/markup';
import { type Language, TEXTS } from './language';
import type { FormErrors, FormField, FormFieldKey, FormPlan } from './receiver-form';

export interface DetailsForm {
  readonly plan: FormPlan;
  /** What was entered before, by field name; never a card number. */
  readonly values: ReadonlyMap<string, string>;
  readonly errors: FormErrors;
}

/** How a browser helps with a field: what it may fill in, which keyboard it shows, what the page's script checks. */
interface Aid {
  readonly autocomplete?: string;
  readonly inputmode?: 'numeric' | 'tel' | 'email';
  readonly type?: 'date';
  readonly check?: 'iban' | 'card';
}
const AIDS: Readonly<Partial<Record<FormFieldKey, Aid>>> = {
  accountNumber: { check: 'iban' },
  accountName: { autocomplete: 'name' },
  cardNumber: { autocomplete: 'cc-number', inputmode: 'numeric', check: 'card' },
  cardHolder: { autocomplete: 'cc-name' },
  expiryMonth: { autocomplete: 'cc-exp-month', inputmode: 'numeric' },
  expiryYear: { autocomplete: 'cc-exp-year', inputmode: 'numeric' },
  firstName: { autocomplete: 'given-name' },
  lastName: { autocomplete: 'family-name' },
  email: { autocomplete: 'email', inputmode: 'email' },
  phone: { autocomplete: 'tel', inputmode: 'tel' },
  address: { autocomplete: 'address-line1' },
  city: { autocomplete: 'address-level2' },
  zipCode: { autocomplete: 'postal-code' },
  country: { autocomplete: 'country' },
  state: { autocomplete: 'address-level1' },
  birthday: { autocomplete: 'bday', type: 'date' },
};

/** Where the Receiver enters where the money goes. Works without script; a message is beside its field. */
export function renderDetailsForm(
  { plan, values, errors }: DetailsForm,
  at: { self: string; language: Language },
): Markup {
  const texts = TEXTS[at.language];
  const { method, methods, fields } = plan;
  const ways = methods.map((way) => {
    const href = `${at.self}?lang=${at.language}&by=${way}`;
    return way === method
      ? markup`<a href="${href}" aria-current="true">${texts[`method_${way}`]}</a>`
      : markup`<a href="${href}">${texts[`method_${way}`]}</a>`;
  });
  const wrong = fields.filter(({ name }) => errors.has(name));
  return markup`${methods.length > 1 ? markup`<div class="ways" role="group" aria-label="${texts.method}">${ways}</div>` : null}
<form id="details" method="post" action="${at.self}?lang=${at.language}" novalidate autocomplete="on">
<input type="hidden" name="by" value="${method}">
${wrong.length === 0 ? null : renderSummary(wrong, at.language)}
${fields.map((field) => renderField(field, { value: values.get(field.name) ?? '', error: errors.get(field.name), language: at.language }))}
<button class="button" type="submit">${texts.details_button}</button>
<p class="hint">${texts.details_safety}</p>
</form>`;
}

function renderSummary(wrong: readonly FormField[], language: Language): Markup {
  const texts = TEXTS[language];
  const items = wrong.map(({ name, key }) => markup`<li><a href="#${idOf(name)}">${texts[`field_${key}`]}</a></li>`);
  return markup`<div class="problem" role="alert"><h2>${texts.details_problem}</h2><ul>${items}</ul></div>`;
}

function renderField(
  field: FormField,
  { value, error, language }: { value: string; error: string | undefined; language: Language },
): Markup {
  const texts = TEXTS[language];
  const { name, key, isRequired } = field;
  const aid = AIDS[key] ?? {};
  // People put card numbers into the wrong field, and are refused there: that number is not sent back either.
  const isMisplaced = error !== undefined && key !== 'accountNumber' && holdsCardNumber(value);
  const shown = key === 'cardNumber' || isMisplaced ? '' : value;
  const id = idOf(name);
  const hint = (texts as Readonly<Partial<Record<string, string>>>)[`hint_${key}`];
  const message = error === undefined ? '' : texts[`error_${error}` as 'error_required'];
  return markup`<div class="field">
<label for="${id}">${texts[`field_${key}`]}${isRequired ? null : markup` <span class="optional">${texts.optional}</span>`}</label>
${hint === undefined ? null : markup`<p class="hint" id="${id}-hint">${hint}</p>`}
<input id="${id}" name="${name}" type="${aid.type ?? 'text'}" value="${shown}"
 autocomplete="${aid.autocomplete ?? 'off'}" inputmode="${aid.inputmode ?? 'text'}" spellcheck="false" autocapitalize="off"
 aria-required="${String(isRequired)}" aria-invalid="${String(error !== undefined)}" aria-describedby="${hint === undefined ? '' : `${id}-hint `}${id}-error"
 data-check="${aid.check ?? ''}" data-required="${texts.error_required}" data-wrong="${aid.check === undefined ? '' : texts[`error_${aid.check}`]}">
<p class="error" id="${id}-error">${message}</p>
</div>
`;
}

function idOf(name: string): string {
  return name.replaceAll('.', '-');
}
