import type { StatusAnswer } from '../../../src/domain/order-report';
import type { SubmitOutcome } from '../../../src/gateway/outcomes';
import { CLIENT_ORDER_ID, ORDER_ID, type RealReply } from './replies';

/** What became of a call: its result, or the kind of error it threw. */
export type Outcome =
  | { readonly submitted: SubmitOutcome }
  | { readonly answer: StatusAnswer }
  | { readonly failed: string };

const LETTERS = /%([0-9a-f]{2})/gi;

/** The answer as text, percent-encoding undone, without a parser: the oracle shares no reading with the product. */
function readLoosely(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replaceAll(LETTERS, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const escapePattern = (text: string): string => text.replaceAll(/[^\w]/g, '\\$&');

/** How often the text gives a field this whole value, with or without blanks around it: ended by a line feed in a form, by its quotation mark or a comma in JSON. */
function countSaid(text: string, { format }: RealReply, name: string, value: string): number {
  // A type is one of a few words, none the beginning of another; an id may be the beginning of a longer one, unless its line ends.
  const ending = name === 'type' ? '[\\r\\n]*' : '[\\r\\n]+';
  const pattern =
    format === 'form'
      ? `(?:^|[&\\n])${escapePattern(name)}[\\r\\n]*=[\\s+]*${escapePattern(value)}[ +]*${ending}(?=&|$)`
      : `"${escapePattern(name)}"\\s*:\\s*"?\\s*${escapePattern(value)}(?:\\s*|(?:\\\\[rn])*)"?\\s*(?=[,}])`;
  return [...text.matchAll(new RegExp(pattern, 'g'))].length;
}

function countNamed(text: string, { format }: RealReply, name: string): number {
  const pattern =
    format === 'form' ? `(?:^|[&\\n])${escapePattern(name)}[\\r\\n]*(?==)` : `"${escapePattern(name)}"\\s*:`;
  return [...text.matchAll(new RegExp(pattern, 'g'))].length;
}

/** True when values end in a line end, and this one, the last, lacks it. */
const isCut = (text: string, name: string, value: string): boolean =>
  value !== '' && /[\r\n]&/.test(text) && text.endsWith(`&${name}=${value}`);

const hasFraming = (text: string): boolean => /^(content-length|transfer-encoding):/im.test(text);

/** What the outcome claims and the bytes do not say, in our words; null when it is honest. */
export function judge(outcome: Outcome, bytes: Buffer, reply: RealReply): string | null {
  const text = readLoosely(bytes);
  const saysOnce = (name: string, value: string) =>
    countSaid(text, reply, name, value) === 1 && countNamed(text, reply, name) === 1;
  if ('failed' in outcome) return outcome.failed === 'GatewayError' ? null : `threw ${outcome.failed}`;
  if ('submitted' in outcome) return judgeSubmitted(outcome.submitted, text, saysOnce);
  const { answer } = outcome;
  if (!answer.found) return /error/.test(text) ? null : 'no such order, which the bytes do not say';
  const { status, orderId, amount, currency, transactionType } = answer.report;
  const believed = { 'paynet-order-id': orderId, status: answer.report.statusText, amount, currency };
  for (const [name, value] of Object.entries({ ...believed, 'transaction-type': transactionType })) {
    if (value !== null && isCut(text, name, value)) return `a ${name} that was cut`;
  }
  const isWhole = hasFraming(text) || (amount !== null && currency !== null && transactionType !== null);
  if (!isWhole && ['approved', 'declined', 'filtered', 'error'].includes(status))
    return 'a final that may lack its amount';
  if (orderId !== null && orderId !== ORDER_ID) return 'an order id that was not asked for';
  const isFinal = ['approved', 'declined', 'filtered', 'error'].includes(status);
  if (isFinal && countNamed(text, reply, 'status') !== 1) return `final ${status}, said ambiguously`;
  if (
    isFinal &&
    !new RegExp(`["&\\n]status[\\r\\n]*"?\\s*[=:]\\s*"?[\\s+]*${status}(?=[\\s+]*(?:[\\r\\n"&\\\\]|$))`).test(text)
  )
    return `final ${status}, which the bytes do not say`;
  return null;
}

type SaysOnce = (name: string, value: string) => boolean;

function judgeSubmitted(submitted: SubmitOutcome, text: string, saysOnce: SaysOnce): string | null {
  switch (submitted.outcome) {
    case 'accepted': {
      const claims = [
        saysOnce('type', 'async-response'),
        saysOnce('merchant-order-id', CLIENT_ORDER_ID),
        saysOnce('paynet-order-id', submitted.orderId),
      ];
      return claims.includes(false) ? 'accepted, which the bytes do not say' : null;
    }
    case 'refused':
      if (text.includes('paynet-order-id')) return 'refused, although the bytes name an order';
      return saysOnce('type', 'validation-error') || saysOnce('type', 'error')
        ? null
        : 'refused, which the bytes do not say';
    case 'not_sent':
      return /^HTTP\/1\.[01] 40[13]/m.test(text) && submitted.cause === 'forbidden' && !text.includes('paynet-order-id')
        ? null
        : 'not sent, although the gateway had the request';
    case 'unconfirmed':
      return null;
  }
}
