import type { Order } from '../orders/order';
import { callbackControl } from '../wire/control';
import { escapeHtml, renderPage } from './html';

/** The form's fields by name, with what is missing when they are. */
export const FORM_FIELDS = {
  bank_code_word: 'Enter the code word of your bank account',
  confirmation: 'Confirm that the details are right',
} as const;
export type FormField = keyof typeof FORM_FIELDS;

/** The page the Receiver fills in; `missing` fields are pointed out. Works without script. */
export function renderReceiverForm(order: Order, missing: readonly FormField[]): string {
  const summary = missing.map((field) => `<li><a href="#${field}">${escapeHtml(FORM_FIELDS[field])}</a></li>`).join('');
  const errors =
    missing.length === 0 ? '' : `<div class="errors" role="alert"><h2>There is a problem</h2><ul>${summary}</ul></div>`;
  const invalid = (field: FormField) => (missing.includes(field) ? ' aria-invalid="true"' : '');
  return renderPage({
    title: `${missing.length > 0 ? 'Problem: ' : ''}Confirm your payout`,
    narrow: true,
    body: `<h1>Confirm your payout</h1>
<p>You are about to receive <strong>${escapeHtml(order.amount)} ${escapeHtml(order.currency)}</strong>
(payout ${escapeHtml(order.clientOrderId)}).</p>
${errors}
<form method="post" novalidate>
<label for="bank_code_word">Bank code word</label>
<p class="hint" id="code-word-hint">Any word will do: this is a stand-in for a bank.</p>
<input type="text" id="bank_code_word" name="bank_code_word" autocomplete="off" maxlength="64" required
 aria-describedby="code-word-hint"${invalid('bank_code_word')}>
<p class="choice"><input type="checkbox" id="confirmation" name="confirmation" value="yes" required${invalid('confirmation')}>
<label for="confirmation">I confirm that the details are right</label></p>
<button class="primary" type="submit" name="choice" value="submit">Submit</button>
<button type="submit" name="choice" value="refuse">Refuse the payout</button>
</form>`,
  });
}

/** Where the Receiver's browser goes back to, or null. The general address wins over the one for an outcome. */
export function finalRedirectUrl(order: Order): string | null {
  const isBad = order.form === 'refused' || order.status === 'declined';
  return order.redirectUrl ?? (isBad ? order.redirectFailUrl : order.redirectSuccessUrl);
}

/** The fields of protocol 5; an absent error is the text `null`, as in the documented sample. */
export function finalRedirectFields(order: Order, controlKey: string): Readonly<Record<string, string>> {
  const { status, orderId, clientOrderId } = order;
  return {
    status,
    orderid: orderId,
    merchant_order: clientOrderId,
    client_orderid: clientOrderId,
    error_message: order.errorMessage ?? 'null',
    error_code: order.errorCode ?? 'null',
    control: callbackControl({ status, orderId, clientOrderId, controlKey }),
    descriptor: 'simulator',
    'processor-tx-id': `PNTEST-${orderId}`,
    amount: order.amount,
    type: 'payout',
  };
}

/** A page that posts the Receiver back by itself, with a button where scripts do not run. */
export function renderFinalRedirect(
  url: string,
  fields: Readonly<Record<string, string>>,
  scriptNonce: string,
): string {
  const inputs = Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('\n');
  return renderPage({
    title: 'Going back',
    narrow: true,
    body: `<h1>Thank you</h1>
<p>You are being taken back. If nothing happens, use the button.</p>
<form id="back" method="post" action="${escapeHtml(url)}">
${inputs}
<button class="primary" type="submit">Continue</button>
</form>
<script nonce="${scriptNonce}">document.getElementById('back').submit();</script>`,
  });
}

/** What is shown when there is no address to go back to. */
export function renderFormEnd(): string {
  return renderPage({
    title: 'Done',
    narrow: true,
    body: '<h1>Thank you</h1>\n<p>Nothing more is needed from you. You can close this page.</p>',
  });
}

/** The same page for an unknown order and a wrong token. */
export function renderFormUnknown(): string {
  return renderPage({
    title: 'Not found',
    narrow: true,
    body: '<h1>Not found</h1>\n<p>There is no form at this address.</p>',
  });
}
