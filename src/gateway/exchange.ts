import type { Dispatcher } from 'undici';

/**
 * How far one HTTP exchange came. `not_sent`: provably no byte of the request was written. `no_answer`: bytes may have left, and no
 * whole answer came back. Causes are constant words.
 */
export type Exchange =
  | { readonly stage: 'not_sent'; readonly cause: 'unreachable' | 'past_deadline' | 'aborted' }
  | { readonly stage: 'no_answer'; readonly cause: 'timeout' | 'connection_lost' | 'oversized' | 'aborted' }
  | Answered;

export interface Answered {
  readonly stage: 'answered';
  readonly statusCode: number;
  readonly body: Uint8Array;
  /** The `Date` header in epoch ms, NaN when absent. */
  readonly dateMs: number;
  readonly contentEncoding: string;
  /** True when only the end of the connection ended the body: no length and no last chunk says that it is whole. */
  readonly mayBeCut: boolean;
}

export interface ExchangeOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Epoch ms by `now`: the request is never written at or after it. */
  readonly writeBeforeMs: number;
  /** How long the whole answer may take once the request is written, in ms; asked at that moment. */
  readonly answerMs: () => number;
  readonly maxReplyBytes: number;
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

const MAX_TIMER_MS = 2 ** 31 - 1;
const CLOSED = new Error('the exchange is over');

/**
 * One POST. Total: every failure is an `Exchange`. Nothing is retried, no redirect is followed, and both size and total time of the
 * answer are bounded.
 */
export function exchange(dispatcher: Dispatcher, options: ExchangeOptions): Promise<Exchange> {
  return new Promise((resolve) => {
    new Attempt(options, resolve).start(dispatcher);
  });
}

/**
 * The proof that nothing was sent rests on undici's order of events: `onRequestStart` runs synchronously right before the request is
 * written to its socket, and an abort there leaves without writing. Once the gate is closed or used, it refuses every (re)dispatch.
 */
class Attempt implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #resolve: (result: Exchange) => void;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #statusCode = 0;
  #dateMs = Number.NaN;
  #contentEncoding = '';
  #isFramed = false;
  #isSent = false;
  #isSettled = false;
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ExchangeOptions, resolve: (result: Exchange) => void) {
    this.#options = options;
    this.#resolve = resolve;
  }

  start(dispatcher: Dispatcher): void {
    const { url, headers, body, signal, writeBeforeMs, now } = this.#options;
    if (signal?.aborted === true) {
      this.#onAbort();
      return;
    }
    if (now() >= writeBeforeMs) {
      this.#settle({ stage: 'not_sent', cause: 'past_deadline' });
      return;
    }
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#arm(writeBeforeMs - now(), () => this.#settle({ stage: 'not_sent', cause: 'past_deadline' }));
    try {
      dispatcher.dispatch({ origin: url.origin, path: url.pathname, method: 'POST', headers, body }, this);
    } catch {
      this.#fail('connection_lost');
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isSettled || this.#isSent) {
      controller.abort(CLOSED);
      return;
    }
    if (this.#options.now() >= this.#options.writeBeforeMs) {
      this.#settle({ stage: 'not_sent', cause: 'past_deadline' });
      controller.abort(CLOSED);
      return;
    }
    this.#isSent = true;
    this.#controller = controller;
    this.#arm(this.#options.answerMs(), () => this.#fail('timeout'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number, headers: ResponseHeaders): void {
    if (statusCode < 200) return;
    this.#statusCode = statusCode;
    this.#dateMs = Date.parse(String(headers.date));
    this.#contentEncoding = String(headers['content-encoding'] ?? '');
    this.#isFramed = headers['content-length'] !== undefined || /chunked$/i.test(String(headers['transfer-encoding']));
    if (Number(headers['content-length']) > this.#options.maxReplyBytes) this.#fail('oversized');
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#options.maxReplyBytes) {
      this.#fail('oversized');
      return;
    }
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#controller = undefined;
    this.#settle({
      stage: 'answered',
      statusCode: this.#statusCode,
      body: Buffer.concat(this.#chunks),
      dateMs: this.#dateMs,
      contentEncoding: this.#contentEncoding,
      mayBeCut: !this.#isFramed,
    });
  }

  onResponseError(): void {
    this.#fail('connection_lost');
  }

  readonly #onAbort = (): void => {
    this.#settle({ stage: this.#isSent ? 'no_answer' : 'not_sent', cause: 'aborted' });
  };

  #fail(cause: 'timeout' | 'connection_lost' | 'oversized'): void {
    this.#settle(this.#isSent ? { stage: 'no_answer', cause } : { stage: 'not_sent', cause: 'unreachable' });
  }

  #arm(delayMs: number, onTime: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(onTime, Math.min(Math.max(delayMs, 0), MAX_TIMER_MS));
  }

  #settle(result: Exchange): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#resolve(result);
    this.#controller?.abort(CLOSED);
  }
}

type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;
