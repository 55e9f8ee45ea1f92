import { isIP } from 'node:net';
import { z } from 'zod';
import { LONGEST_BANK_FIELD } from '../domain/payout-request';
import { type PollPlan, type PollStage, parseDuration } from '../domain/poll-plan';
import { isExtraFieldName } from '../gateway/protocol';
import { isPayoutType } from '../gateway/statuses';
import { isLoopback } from '../net/addresses';
import { isNetwork } from '../net/networks';
import { readPayloadKeys } from '../temporal/payload-keys';
import { CALLBACK_FIELDS, COLLECT_METHODS, ENDPOINT_DEFAULTS } from './endpoint';

/** A text as read by a function that throws an Error saying what it expected, never what it got. */
function readBy<T>(read: (text: string) => T, expected: string) {
  return z.string().transform((text, context): T => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : expected });
      return z.NEVER;
    }
  });
}

/** A duration such as `5m`, in milliseconds. */
export const duration = readBy(parseDuration, 'expected a duration');

/** A duration within these bounds, both included. */
export const durationBetween = (least: string, most: string) =>
  z
    .string(`expected a duration from ${least} to ${most}`)
    .pipe(duration)
    .refine(
      (ms) => ms >= parseDuration(least) && ms <= parseDuration(most),
      `expected a duration from ${least} to ${most}`,
    );

export const payloadKeys = readBy(readPayloadKeys, 'expected payload keys');

/** A text that is JSON of this shape. */
export function json<T extends z.ZodType>(schema: T, expected: string) {
  return z.string().transform((text, context): z.output<T> => {
    const parsed = schema.safeParse(readJson(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: `expected ${expected}` });
    return z.NEVER;
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An https URL (plain http to loopback only: keys and account data go over it) without query, user information or slash at its end. */
export const url = (expected: string, maxLength: number) =>
  z.string().transform((text, context) => {
    const parsed = URL.canParse(text) ? new URL(text) : null;
    const isPlain =
      parsed !== null &&
      (parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed.hostname))) &&
      !parsed.username &&
      !parsed.password &&
      !parsed.search &&
      !parsed.hash;
    if (isPlain && text.length <= maxLength) return text.replace(/\/+$/, '');
    context.addIssue({ code: 'custom', message: `expected ${expected}` });
    return z.NEVER;
  });

/** What a browser sends as `Origin`: scheme, host and a port that is not the scheme's own, as it spells them. */
export const origin = z.string().refine((text) => {
  const parsed = URL.canParse(text) ? new URL(text) : null;
  return parsed !== null && ['http:', 'https:'].includes(parsed.protocol) && parsed.origin === text;
}, 'expected an origin like http://127.0.0.1:8233, without a trailing slash');

export const text = (pattern: RegExp, expected: string) => z.string().regex(pattern, `expected ${expected}`);

/** The settings of an endpoint, one schema each, for the environment and the file of endpoints alike. */
export const gatewayUrl = url(
  'an https URL (http to loopback only) with the context path, without query, e.g. https://sandbox.example.com/paynet',
  200,
);
/** A host as in a URL, with its port if it is not the scheme's default. */
export const host = text(/^[a-z0-9.-]{1,253}(:[0-9]{1,5})?$/, 'a lower-case host name, with or without a port');
/** Texts separated by commas. */
export const list = <T extends z.ZodType<unknown, string[]>>(schema: T) =>
  z
    .string()
    .transform((text) => text.split(',').map((item) => item.trim()))
    .pipe(schema);
export const hosts = list(z.array(host));

/** True when the list names the host of a URL; without a list, every host will do. */
export function isListedHost(baseUrl: string, list: readonly string[] | undefined): boolean {
  if (list === undefined) return true;
  const { host, hostname } = new URL(baseUrl);
  return list.includes(host) || list.includes(hostname);
}
export const digits = text(/^[0-9]{1,20}$/, 'a number');
export const login = text(/^[!-~]{1,128}$/, '1 to 128 visible ASCII characters');
export const controlKey = text(/^[!-~]{16,128}$/, '16 to 128 visible ASCII characters');
export const privateKey = text(/-----BEGIN (RSA )?PRIVATE KEY-----/, 'an RSA private key in PEM (PKCS#1 or PKCS#8)');
/** A key that only we know, derived from nothing that others know. */
export const ownKey = text(/^[!-~]{32,256}$/, '32 to 256 visible ASCII characters');
const OWN_KEYS = 'keys of 32 to 256 visible ASCII characters, each once, one per line or separated by commas';
export const ownKeys = z
  .string()
  .transform((list) =>
    list
      .split(/[\n,]/)
      .map((key) => key.trim())
      .filter((key) => key !== ''),
  )
  .refine((keys) => keys.length > 0 && keys.every((key) => ownKey.safeParse(key).success), `expected ${OWN_KEYS}`)
  .refine((keys) => new Set(keys).size === keys.length, `expected ${OWN_KEYS}`);
export const statusApi = z.enum(['v2', 'v4']).default('v2');
export const replyFormat = z.enum(['form', 'json']).default('form');
const LENGTH = `a whole number from 1 to ${LONGEST_BANK_FIELD}`;
const fieldLength = z
  .int(`expected ${LENGTH}`)
  .min(1, `expected ${LENGTH}`)
  .max(LONGEST_BANK_FIELD, `expected ${LENGTH}`);
const { accountNumber, bankCode } = ENDPOINT_DEFAULTS.fieldLengths;
export const fieldLengths = z.strictObject({
  accountNumber: fieldLength.default(accountNumber),
  bankCode: fieldLength.default(bankCode),
});
const COLLECT = `expected ${COLLECT_METHODS.join(', ')} or both, each once`;
export const collect = z
  .array(z.enum(COLLECT_METHODS, COLLECT))
  .min(1, COLLECT)
  .refine((methods) => new Set(methods).size === methods.length, COLLECT);
export const payoutTypes = z
  .array(
    z.string().refine(isPayoutType, {
      error: 'expected lower-case letters, digits, "_" or "-", and not the type of a later event',
    }),
  )
  .min(1, 'expected at least one transaction type');
export const callbackFields = z.enum(CALLBACK_FIELDS).default(ENDPOINT_DEFAULTS.callbackFields);
export const extraFields = z.array(
  z.strictObject({
    name: z.string().refine(isExtraFieldName, {
      error: 'expected a name other than a documented field, one of our addresses or a card security code',
    }),
    required: z.boolean().default(false),
    maxLength: z.int().min(1).max(1024).default(255),
  }),
);
const RATE = 'a number of calls per second, from 0.1 to 1000';
export const ratePerSecond = z.number(`expected ${RATE}`).min(0.1, `expected ${RATE}`).max(1000, `expected ${RATE}`);

/** A whole number within these bounds. */
export function wholeNumber(least: number, most: number) {
  const expected = `a whole number from ${least} to ${most}`;
  const number = z.int(`expected ${expected}`).min(least, `expected ${expected}`).max(most, `expected ${expected}`);
  return text(/^[0-9]{1,9}$/, expected)
    .transform(Number)
    .pipe(number);
}

const WHOLE_RATE = 'a whole number per second, from 1 to 10000';
export const perSecond = text(/^[1-9][0-9]{0,4}$/, WHOLE_RATE)
  .transform(Number)
  .pipe(z.int().max(10_000, `expected ${WHOLE_RATE}`));

const BIND_ADDRESS = 'a port such as 9464, or an IP address with a port such as 10.0.0.5:9464';
/** Where one of our servers listens, as `address:port`; a port alone is one on loopback. */
export const bindAddress = z.string().transform((text, context): string => {
  const [, address = '127.0.0.1', port = ''] = /^(?:(.+):)?([1-9][0-9]{0,4})$/.exec(text) ?? [];
  const isAddress = isIP(address.replace(/^\[(.*:.*)\]$/, '$1')) === (address.startsWith('[') ? 6 : 4);
  if (isAddress && port !== '' && Number(port) <= 65_535) return `${address}:${port}`;
  context.addIssue({ code: 'custom', message: `expected ${BIND_ADDRESS}` });
  return z.NEVER;
});

const NETWORKS = 'expected addresses or networks like 10.0.0.7,192.168.0.0/16';

/** `10.0.0.7,192.168.0.0/16` as a list. */
export const networks = z
  .string()
  .transform((list) => list.split(',').map((network) => network.trim()))
  .refine((list) => list.every(isNetwork), NETWORKS);

const isRising = (stages: readonly { until: number }[]) =>
  stages.every((stage, index) => stage.until > (stages[index - 1]?.until ?? 0));

/** `[{"every":"4s","until":"5m"}, …]` as a poll plan. */
export const pollPlan = z
  .array(z.strictObject({ every: duration, until: duration }))
  .min(1)
  .refine(isRising, 'expected rising ends')
  .transform((stages) => stages.map(({ every, until }): PollStage => ({ everyMs: every, untilMs: until })))
  .transform((stages) => stages as readonly PollStage[] as PollPlan);
