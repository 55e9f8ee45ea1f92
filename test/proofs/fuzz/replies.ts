/** Real replies of the gateway (its form ends every value with a line feed), and how each is asked for. */
export interface RealReply {
  readonly name: string;
  readonly command: 'submit' | 'status';
  readonly format: 'form' | 'json';
  readonly body: string;
}

export const CLIENT_ORDER_ID = 'PO-000001';
export const ORDER_ID = '6768788';

const IDS = {
  'serial-number': '00000000-0000-0000-0000-000002d9b22a',
  'merchant-order-id': CLIENT_ORDER_ID,
  'paynet-order-id': ORDER_ID,
};
const ACCEPTED = { type: 'async-response', ...IDS, 'end-point-id': '1144' };
const REFUSED = {
  type: 'validation-error',
  'merchant-order-id': CLIENT_ORDER_ID,
  'error-message': 'Amount is invalid',
  'error-code': '1',
};
const PROCESSING = {
  type: 'status-response',
  ...IDS,
  status: 'processing',
  amount: '10.50',
  currency: 'EUR',
  'transaction-type': 'payout',
};
const APPROVED = { ...PROCESSING, status: 'approved', 'order-stage': 'payout_approved' };
const DECLINED = {
  ...PROCESSING,
  status: 'declined',
  'error-message': 'Decline, not sufficient funds',
  'error-code': '116',
};

const toForm = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%20', '+')}\n`)
    .join('&');

const both = (command: 'submit' | 'status', name: string, fields: Readonly<Record<string, string>>): RealReply[] => [
  { name: `${name} form`, command, format: 'form', body: toForm(fields) },
  { name: `${name} json`, command, format: 'json', body: JSON.stringify(fields) },
];

export const REAL_REPLIES: readonly RealReply[] = [
  ...both('submit', 'accepted', ACCEPTED),
  ...both('submit', 'refused', REFUSED),
  ...both('status', 'processing', PROCESSING),
  ...both('status', 'approved', APPROVED),
  ...both('status', 'declined', DECLINED),
];

/** A whole HTTP answer as bytes. Header lines given replace the length that would be right. */
export function toAnswer(body: string | Buffer, first = 'HTTP/1.1 200 OK', headers?: readonly string[]): Buffer {
  const bytes = Buffer.from(body);
  const lines = headers ?? [`Content-Length: ${bytes.length}`];
  const head = [first, 'Content-Type: text/html;charset=utf-8', ...lines, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}
