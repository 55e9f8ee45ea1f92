/** An answer of the API, kept as it came. */
export interface Heard {
  readonly what: string;
  readonly status: number;
  /** Headers and body. */
  readonly text: string;
}

/** Sends requests and keeps every answer. One that never came, because the API was killed, is kept as status 0. */
export interface Caller {
  readonly heard: readonly Heard[];
  send(what: string, route: string, init?: RequestInit): Promise<Heard>;
}

/** @param key sent as an API key where a request brings none of its own */
export function createCaller(baseUrl: string, key: string): Caller {
  const heard: Heard[] = [];
  return {
    heard,
    async send(what, route, init = {}) {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization')) headers.set('authorization', `Bearer ${key}`);
      const answer = await ask(what, `${baseUrl}${route}`, { ...init, headers });
      heard.push(answer);
      return answer;
    },
  };
}

/** The body of a request with JSON, and what says so. */
export function json(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

async function ask(what: string, url: string, init: RequestInit): Promise<Heard> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(20_000), ...init });
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    return { what, status: response.status, text: `${headers}\n\n${await response.text()}` };
  } catch {
    return { what, status: 0, text: '' };
  }
}
