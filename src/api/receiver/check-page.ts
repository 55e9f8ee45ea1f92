import { looksLikeIban } from '../../domain/normalise';
import { maskNumber } from '../../domain/payout-request';
import { type Markup, markup } from '../plugins/markup';
import type { FormPlace } from './details-form';
import { inGroups } from './iban-lengths';
import { countryNames, TEXTS, writeDay } from './language';
import type { FormField, FormPlan } from './receiver-form';

/** What was entered and is right, to be checked before it is sent. */
export interface CheckedForm {
  readonly plan: FormPlan;
  readonly values: ReadonlyMap<string, string>;
  /** The same, encrypted. */
  readonly sealed: string;
}

/** The step between entering and sending: what will be sent, and two buttons. */
export function renderCheck({ plan, values, sealed }: CheckedForm, { self, reader }: FormPlace): Markup {
  const texts = TEXTS[reader.language];
  const rows = plan.fields
    .filter(({ name }) => values.get(name) !== undefined)
    .map((field) => {
      const value = toRead(values.get(field.name) ?? '', field, reader.locale);
      return markup`<div><dt>${texts[`field_${field.key}`]}</dt><dd><bdi>${value}</bdi></dd></div>`;
    });
  return markup`<dl class="entered">${rows}</dl>
<form method="post" action="${self}?lang=${reader.language}">
<input type="hidden" name="sealed" value="${sealed}">
<button class="button" type="submit" name="step" value="send">${texts.check_send}</button>
<button class="button second" type="submit" name="step" value="edit">${texts.check_edit}</button>
</form>
<p class="hint">${texts.check_hint}</p>`;
}

/** An IBAN in groups of four, as it is printed; of a card number its end. */
function toRead(value: string, { key }: FormField, locale: string): string {
  if (key === 'cardNumber') return maskNumber(value);
  if (key === 'country') return countryNames(locale)(value);
  if (key === 'birthday') return writeDay(value, locale);
  return key === 'accountNumber' && looksLikeIban(value) ? inGroups(value) : value;
}
