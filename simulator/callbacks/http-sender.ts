import http from 'node:http';
import https from 'node:https';

export interface OutgoingCallback {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** Form-encoded fields: the query of a GET, the body of a POST. */
  readonly fields: string;
  readonly timeoutMs: number;
  /** Ends the wait when the simulator stops. */
  readonly stopping?: AbortSignal;
}

/** `httpStatus` is null when no answer came; `failure` then says why, without the address. */
export interface CallbackAnswer {
  readonly httpStatus: number | null;
  readonly failure: string | null;
}

/** Appends fields to the query the URL already has. */
export function appendQuery(url: string, fields: string): string {
  const target = new URL(url);
  target.hash = '';
  const existing = target.search.replace(/^\?/, '');
  target.search = '';
  return `${target.href.replace(/\?$/, '')}?${existing === '' ? fields : `${existing}&${fields}`}`;
}

/** Sends once over a connection of its own, follows no redirect, never throws. */
export function sendCallback({ url, method, fields, timeoutMs, stopping }: OutgoingCallback): Promise<CallbackAnswer> {
  return new Promise((resolve) => {
    const target = new URL(method === 'GET' ? appendQuery(url, fields) : url);
    const { request: open } = target.protocol === 'https:' ? https : http;
    const headers =
      method === 'GET'
        ? {}
        : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(fields) };
    const request = open(target, { method, headers, agent: false, signal: stopping }, (response) => {
      response.on('error', () => undefined).resume();
      settle({ httpStatus: response.statusCode ?? null, failure: null });
      response.once('close', () => clearTimeout(deadline));
    });
    const deadline = setTimeout(() => {
      settle({ httpStatus: null, failure: 'timeout' });
      request.destroy();
    }, timeoutMs);
    function settle(answer: CallbackAnswer): void {
      if (answer.httpStatus === null) clearTimeout(deadline);
      resolve(answer);
    }
    request.on('error', (error: NodeJS.ErrnoException) =>
      settle({ httpStatus: null, failure: error.code ?? 'no_answer' }),
    );
    request.end(method === 'POST' ? fields : undefined);
  });
}
