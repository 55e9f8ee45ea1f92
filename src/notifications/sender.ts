import { lookup as lookupName } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { isAllowedAddress } from '../net/addresses';
import { shareLookups } from '../net/shared-lookup';
import { isAllowedTarget } from './target';

/** What came of one attempt. Causes are constant words; nothing of a reply but its status is kept unless its text was asked for. */
export type Attempt =
  | {
      readonly kind: 'answered';
      readonly statusCode: number;
      readonly retryAfterMs: number | null;
      readonly text?: ReplyText;
    }
  | { readonly kind: 'not_answered'; readonly cause: 'timeout' | 'unreachable' | 'address_refused' };

/** The text of a reply and its media type, or why there is none. */
export type ReplyText =
  | { readonly mediaType: string; readonly body: string }
  | { readonly refused: 'too_large' | 'encoded' };

export interface Letter {
  readonly url: string;
  readonly allowPrivate: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Default the sender's own. */
  readonly timeoutMs?: number;
  /** So many bytes of the reply are read, if it is not longer; absent: none. */
  readonly mostBytes?: number;
}

export interface Sender {
  /** One POST. Never throws: no redirect is followed, no proxy asked, and no address connected to that was not checked. */
  send(letter: Letter): Promise<Attempt>;
  close(): Promise<void>;
}

export type Lookup = (
  host: string,
  options: { all: true; verbatim: true },
  done: (error: Error | null, addresses: readonly { address: string; family: number }[]) => void,
) => void;

const ADDRESS_REFUSED = 'ERR_ADDRESS_REFUSED';
export const ANSWER_LIMIT_MS = 15_000;
const CONNECT_LIMIT_MS = 5_000;

/** Connections to subscribers, in one pool for those that may be private and another for all others. */
export function createSender(options: { answerLimitMs?: number; now?: () => number; lookup?: Lookup } = {}): Sender {
  const { answerLimitMs = ANSWER_LIMIT_MS, now = Date.now, lookup = lookupName } = options;
  const shared = shareLookups(lookup);
  const agentFor = (allowPrivate: boolean) =>
    new Agent({
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: 4_000,
      connect: {
        timeout: CONNECT_LIMIT_MS,
        rejectUnauthorized: true,
        minVersion: 'TLSv1.2',
        lookup: checkedLookup(shared, allowPrivate),
      },
    });
  const agents = { private: agentFor(true), public: agentFor(false) };

  return {
    async send({ url: text, allowPrivate, headers, body, timeoutMs = answerLimitMs, mostBytes }) {
      // A literal address is connected to without a lookup: this is where it is checked.
      if (!isAllowedTarget(text, { allowPrivate })) return { kind: 'not_answered', cause: 'address_refused' };
      const url = new URL(text);
      const agent = allowPrivate ? agents.private : agents.public;
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const reply = await agent.request({
          ...{ origin: url.origin, path: url.pathname + url.search, method: 'POST', headers, body, signal },
          ...{ headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
        });
        const retryAfterMs = readRetryAfter(reply.headers['retry-after'], now());
        const answered = { kind: 'answered', statusCode: reply.statusCode, retryAfterMs } as const;
        if (mostBytes !== undefined && reply.statusCode === 200)
          return { ...answered, text: await readText(reply, mostBytes) };
        leaveBody(reply);
        return answered;
      } catch (error) {
        return { kind: 'not_answered', cause: causeOf(error, signal) };
      }
    },
    async close() {
      await Promise.all([agents.private.destroy(), agents.public.destroy()]);
    },
  };
}

/**
 * Resolves a name and hands over only addresses that are allowed, every one of them: the connection is made to exactly these, so a
 * name that changes its mind between check and use gains nothing.
 */
export function checkedLookup(lookup: Lookup, allowPrivate: boolean): LookupFunction {
  return (host, options, done) => {
    lookup(host, { all: true, verbatim: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) {
        done(error ?? new Error('expected an address'), '', 0);
      } else if (!addresses.every(({ address }) => isAllowedAddress(address, { allowPrivate }))) {
        done(Object.assign(new Error('expected allowed addresses only'), { code: ADDRESS_REFUSED }), '', 0);
      } else if (options.all === true) done(null, [...addresses]);
      else done(null, first.address, first.family);
    });
  };
}

/** A text of UTF-8, read no further than its bound. @throws what breaks the connection or the time */
async function readText(reply: Dispatcher.ResponseData, mostBytes: number): Promise<ReplyText> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of reply.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      leaveBody(reply);
      return { refused: 'too_large' };
    }
    chunks.push(chunk);
  }
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = reply.headers;
  if (encoding !== 'identity') return { refused: 'encoded' };
  const mediaType = (String(type).split(';')[0] ?? '').trim().toLowerCase();
  return { mediaType, body: Buffer.concat(chunks).toString('utf8') };
}

/** The status is the whole answer: the body is not read. */
function leaveBody(reply: Dispatcher.ResponseData): void {
  reply.body.on('error', () => undefined);
  reply.body.destroy();
}

function causeOf(error: unknown, signal: AbortSignal): 'timeout' | 'unreachable' | 'address_refused' {
  if (codesOf(error).includes(ADDRESS_REFUSED)) return 'address_refused';
  return signal.aborted || codesOf(error).some((code) => /TIMEOUT/.test(code)) ? 'timeout' : 'unreachable';
}

function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const causes = error instanceof AggregateError ? error.errors : [error.cause];
  return [...code, ...causes.flatMap(codesOf)];
}

/** Seconds or an HTTP date (RFC 9110) as milliseconds from now; null for anything else. */
export function readRetryAfter(value: string | string[] | undefined, nowMs: number): number | null {
  if (typeof value !== 'string') return null;
  if (/^[0-9]{1,9}$/.test(value)) return Number(value) * 1_000;
  const atMs = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
