import { audienceOf, type Recipient } from './audience';

/** An answer of the API, kept as it came. */
export interface CallResult extends Recipient {
  readonly what: string;
  readonly status: number;
  /** Headers and body. */
  readonly text: string;
}

export interface Asking extends RequestInit {
  /** The payout it is about, where its address does not say so. */
  readonly about?: string;
  /** Without any key. */
  readonly isKeyless?: boolean;
}

/** Sends requests and keeps every answer. One that never came, because the API was killed, is kept as status 0. */
export interface Caller {
  readonly received: readonly CallResult[];
  send(what: string, route: string, asking?: Asking): Promise<CallResult>;
}

/**
 * @param key sent as an API key where a request brings none of its own, but to a Receiver's page
 * @param always headers of every request
 */
export function createCaller(baseUrl: string, key: string, always: Readonly<Record<string, string>> = {}): Caller {
  const received: CallResult[] = [];
  return {
    received,
    async send(what, route, { about, isKeyless = route.startsWith('/r/'), ...init } = {}) {
      const headers = new Headers({ ...always, ...Object.fromEntries(new Headers(init.headers)) });
      if (!headers.has('authorization') && !isKeyless) headers.set('authorization', `Bearer ${key}`);
      const { status, text } = await ask(`${baseUrl}${route}`, { ...init, headers });
      const answer = { what, status, text, ...audienceOf({ route, status, about: about ?? null }) };
      received.push(answer);
      return answer;
    },
  };
}

/** The body of a request with JSON, and what says so. */
export function json(body: unknown, headers: Readonly<Record<string, string>> = {}): Asking {
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** The body of an answer with JSON. */
export function bodyOf<T>({ text }: CallResult): T {
  return JSON.parse(text.slice(text.indexOf('\n\n') + 2)) as T;
}

async function ask(url: string, init: RequestInit): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(20_000), ...init });
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    return { status: response.status, text: `${headers}\n\n${await response.text()}` };
  } catch {
    return { status: 0, text: '' };
  }
}
