import { hideLinkProofs } from '../receiver/receiver-links';
import { maskNumber, maskNumbers } from './account-numbers';

/** A payload of Temporal, as bytes. */
export interface PlainPayload {
  readonly metadata?: Readonly<Record<string, Uint8Array>> | null;
  readonly data?: Uint8Array | null;
}

export interface ShownPayload {
  readonly metadata: Readonly<Record<string, Uint8Array>>;
  readonly data: Uint8Array;
}

/**
 * Names of fields, without case and punctuation, whose value is a number of an account or card whatever it looks like; an endpoint's own
 * fields are named `sender_account` or the like.
 */
const NUMBER_NAME = /^pan$|(?:cardnumber|accountnumber|account|iban|cardrefid)$/;
/** Of a card, these have no useful masked form. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'expiry',
  'expirymonth',
  'expiryyear',
  'expirydate',
  'expiremonth',
  'expireyear',
  'cvv',
  'cvv2',
  'cvc',
  'securitycode',
]);

const KEPT_METADATA = ['encoding', 'messageType'] as const;

/**
 * What a person may see of an opened payload: JSON with its account and card numbers masked, expiry dates left out and links of
 * Receivers, ours and the gateway's, made useless. Anything that is not JSON could hold a number that is not found: only its size is shown.
 * @param workflowId of the workflow it belongs to: the parts of this name are public everywhere, so they are left alone
 */
export function toDisplay(payload: PlainPayload, workflowId: string): ShownPayload {
  const metadata = payload.metadata ?? {};
  const data = payload.data ?? new Uint8Array();
  const encoding = Buffer.from(metadata.encoding ?? []).toString();
  if (encoding === 'binary/null') return { metadata: { encoding: Buffer.from(encoding) }, data: new Uint8Array() };
  const shown = encoding.startsWith('json/')
    ? maskJson(Buffer.from(data).toString(), new Set(workflowId.split(':')))
    : null;
  if (shown !== null) {
    const kept = KEPT_METADATA.flatMap((name) =>
      metadata[name] === undefined ? [] : [[name, metadata[name]] as const],
    );
    return { metadata: Object.fromEntries(kept), data: Buffer.from(shown) };
  }
  return {
    metadata: { encoding: Buffer.from('json/plain') },
    data: Buffer.from(JSON.stringify(`not shown: ${data.length} bytes that are not JSON`)),
  };
}

function maskJson(text: string, inClear: ReadonlySet<string>): string | null {
  try {
    return JSON.stringify(maskValue(JSON.parse(text), { name: '', inClear }));
  } catch {
    return null;
  }
}

interface Place {
  /** Of the nearest field around the value. */
  readonly name: string;
  readonly inClear: ReadonlySet<string>;
}

function maskValue(value: unknown, place: Place): unknown {
  const { name, inClear } = place;
  if (typeof value === 'string') return maskText(value, place);
  if (typeof value === 'number') return maskNumeric(value, name);
  if (Array.isArray(value)) return value.map((item) => maskValue(item, place));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([key]) => !LEFT_OUT.has(plainName(key)));
  const around = (key: string) => (isNumberName(name) ? name : key);
  return Object.fromEntries(
    fields.map(([key, item]) => [maskNumbers(key), maskValue(item, { name: around(key), inClear })]),
  );
}

/** A text that is itself JSON hides its numbers behind names and escapes. */
function maskText(text: string, { name, inClear }: Place): string {
  if (isNumberName(name)) return maskNumber(text);
  if (plainName(name) === 'redirectto') return hidePath(text);
  if (inClear.has(text)) return text;
  return (/^\s*[[{"]/.test(text) ? maskJson(text, inClear) : null) ?? maskNumbers(hideLinkProofs(text));
}

/** Of the gateway's form, where it is: its path and query let anyone fill it in. */
function hidePath(text: string): string {
  return URL.canParse(text) ? `${new URL(text).origin}/••••` : '••••';
}

/** Times in milliseconds have thirteen digits, and every tenth of them the check digit of a card: they are known by their names. */
function maskNumeric(value: number, name: string): unknown {
  if (isNumberName(name)) return maskNumber(String(value));
  if (/Ms$/.test(name)) return value;
  const isExact = !Number.isInteger(value) || Number.isSafeInteger(value);
  const text = String(value);
  const masked = isExact ? maskNumbers(text) : '••••';
  return masked === text ? value : masked;
}

function isNumberName(name: string): boolean {
  return NUMBER_NAME.test(plainName(name));
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
