import type { KeyObject } from 'node:crypto';
import type { Dispatcher } from 'undici';
import type { ClientOrderId, OrderId } from '../domain/ids';
import type { StatusAnswer } from '../domain/order-report';
import type { PayoutRequest } from '../domain/payout-request';
import { assertReturnAddress, assertSigningKey, createGatewayAgent, type Target, toCommandUrls } from './endpoint';
import { type Exchange, type ExchangeOptions, exchange } from './exchange';
import { encodeForm } from './form';
import { type SubmitOutcome, toSubmitOutcome } from './outcomes';
import {
  FORM_CONTENT_TYPE,
  JSON_ACCEPT,
  PAYOUT_COMMANDS,
  type ReturnAddresses,
  toPayoutFields,
  toStatusFields,
} from './protocol';
import type { ReplyFormat } from './reply';
import { makeNonce, signRequest, statusControl } from './signing';
import { toStatusAnswer } from './status-answer';
import { DEFAULT_PAYOUT_TYPES } from './statuses';

/** How to call one endpoint. Secrets stay inside the client. */
export interface GatewayClientOptions {
  /** With the context path, e.g. `https://gate.example.com/paynet`. */
  readonly baseUrl: string;
  readonly target: Target;
  readonly login: string;
  readonly controlKey: string;
  readonly privateKey: KeyObject;
  readonly statusApi: 'v2' | 'v4';
  readonly replyFormat: ReplyFormat;
  /** Transaction types that are a payout here; `none` means a report without a type. */
  readonly payoutTypes?: readonly string[];
  /** Which fields of a payout carry the callback address, default both. */
  readonly callbackFields?: NonNullable<ReturnAddresses['callbackFields']>;
  readonly timeouts: { readonly connectMs: number; readonly answerMs: number };
  /** Default 256 KiB. */
  readonly maxReplyBytes?: number;
  /** Hosts that a Receiver may be sent to; without a list, every safe https URL. */
  readonly redirectHosts?: readonly string[];
  /** Most sockets to the gateway at once, default 32. */
  readonly connections?: number;
  /** Epoch ms, default the system's clock. */
  readonly now?: () => number;
  readonly makeNonce?: () => string;
  /** Replaces the client's own pool and is not closed by it. */
  readonly dispatcher?: Dispatcher;
}

export interface SubmitOptions {
  /** Epoch ms: no byte is written at or after it. */
  readonly deadlineMs: number;
  readonly callbackUrl: string;
  readonly redirectUrl: string | null;
  readonly signal?: AbortSignal;
  /** Asked right before the call is made, which is not made unless this resolves to true. */
  readonly recordSend: () => Promise<boolean>;
}

export interface OrderIds {
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId | null;
  /** Asks for the state of one earlier request instead of the latest. */
  readonly serialNumber?: string;
}

export interface StatusOptions {
  /** For the whole call, waiting for a socket included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Signs a v2 request instead of the endpoint's own key: to see whether a wrong one is noticed. */
  readonly controlKey?: string;
}

export interface GatewayClient {
  /**
   * Sends a payout, at most once: one attempt, no retry. Business and transport end in the tagged result; see `outcomes.ts`.
   * @throws RangeError, before anything is sent, on an extra field or address that may not be sent.
   */
  readonly submitPayout: (request: PayoutRequest, options: SubmitOptions) => Promise<SubmitOutcome>;
  /** Asks the order status once. @throws GatewayError when the gateway did not answer the question. */
  readonly fetchOrderStatus: (ids: OrderIds, options: StatusOptions) => Promise<StatusAnswer>;
  /** Waits for exchanges in hand and closes the pool. */
  readonly close: () => Promise<void>;
  /** The gateway's clock minus ours in ms by the last `Date` header, to about a second; null before the first answer. */
  readonly skewMs: () => number | null;
}

/**
 * A client of one endpoint with its own keep-alive pool.
 * @throws RangeError on a base URL, target, key or control key that cannot be used; no value is in the message.
 */
export function createGatewayClient(options: GatewayClientOptions): GatewayClient {
  const { login, controlKey, privateKey, replyFormat, timeouts, now = Date.now } = options;
  const { payoutTypes = DEFAULT_PAYOUT_TYPES, callbackFields = 'both' } = options;
  if (login === '' || controlKey === '') throw new RangeError('login, controlKey: expected texts that are not empty');
  assertSigningKey(privateKey);
  const urls = toCommandUrls(options.baseUrl, options.target);
  const nextNonce = options.makeNonce ?? makeNonce;
  const pool = { base: urls.payout, connections: options.connections ?? 32, connectMs: timeouts.connectMs };
  const dispatcher = options.dispatcher ?? createGatewayAgent(pool);
  let skewMs: number | null = null;

  async function authorize(url: URL, fields: ReadonlyMap<string, string>): Promise<string> {
    const timestampSeconds = Math.floor(now() / 1000);
    return signRequest({ url: url.href, fields, login, nonce: nextNonce(), timestampSeconds }, privateKey);
  }

  interface Post {
    readonly url: URL;
    readonly fields: ReadonlyMap<string, string>;
    readonly authorization: string | null;
    readonly limits: Pick<ExchangeOptions, 'writeBeforeMs' | 'answerMs' | 'signal'>;
  }

  async function post({ url, fields, authorization, limits }: Post): Promise<Exchange> {
    let writtenAtMs = now();
    const answerMs = () => {
      writtenAtMs = now();
      return limits.answerMs();
    };
    const headers = {
      'content-type': FORM_CONTENT_TYPE,
      accept: replyFormat === 'json' ? JSON_ACCEPT : '*/*',
      'accept-encoding': 'identity',
      ...(authorization === null ? {} : { authorization }),
    };
    const maxReplyBytes = options.maxReplyBytes ?? 256 * 1024;
    const exchangeOptions = { ...limits, answerMs, url, headers, body: encodeForm(fields), maxReplyBytes, now };
    const result = await exchange(dispatcher, exchangeOptions);
    if (result.stage === 'answered' && !Number.isNaN(result.dateMs)) {
      // The header is cut to whole seconds; the middle of both intervals is the best guess.
      skewMs = Math.round(result.dateMs + 500 - (writtenAtMs + now()) / 2);
    }
    return result;
  }

  return {
    async submitPayout(request, { deadlineMs, callbackUrl, redirectUrl, signal, recordSend }) {
      assertReturnAddress('callbackUrl', callbackUrl);
      if (redirectUrl !== null) assertReturnAddress('redirectUrl', redirectUrl);
      if (Number.isNaN(deadlineMs)) throw new RangeError('deadlineMs: expected epoch milliseconds');
      const fields = toPayoutFields(request, { callbackUrl, redirectUrl, callbackFields });
      const limits = { writeBeforeMs: deadlineMs, answerMs: () => timeouts.answerMs, signal };
      const url = urls[PAYOUT_COMMANDS[request.destination.type]];
      const authorization = await authorize(url, fields);
      if (!(await recordSend())) return { outcome: 'not_sent', cause: 'not_recorded' };
      const result = await post({ url, fields, authorization, limits });
      return toSubmitOutcome(result, { clientOrderId: request.clientOrderId, replyFormat, payoutTypes });
    },

    async fetchOrderStatus(ids, { timeoutMs, signal, controlKey: otherKey }) {
      const endMs = now() + timeoutMs;
      const limits = { writeBeforeMs: endMs, answerMs: () => Math.min(timeouts.answerMs, endMs - now()), signal };
      const fields = toStatusFields(login, ids);
      const isSigned = options.statusApi === 'v4';
      if (!isSigned) fields.set('control', statusControl({ login, ...ids }, otherKey ?? controlKey));
      const url = isSigned ? urls.status_v4 : urls.status_v2;
      const authorization = isSigned ? await authorize(url, fields) : null;
      const result = await post({ url, fields, authorization, limits });
      return toStatusAnswer(result, { ...ids, replyFormat, payoutTypes, redirectHosts: options.redirectHosts ?? null });
    },

    close: async () => {
      if (options.dispatcher === undefined) await dispatcher.close();
    },
    skewMs: () => skewMs,
  };
}
