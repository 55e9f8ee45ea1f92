// Made by `npm run clients`; do not edit.

/** The API refused a request. `problem.code` is stable, `problem.type` leads to a page. */
export class PayoutError extends Error {
    name = 'PayoutError';
    problem;
    constructor(problem){
        super(`${problem.status} ${problem.code}: ${problem.detail}`);
        this.problem = problem;
    }
}
/** The payout is still open at the deadline: the money may move yet. Never pay again under another clientOrderId because of it. */
export class NotSettledError extends Error {
    name = 'NotSettledError';
    payout;
    constructor(payout){
        super(`${payout.clientOrderId} is still ${payout.state}; do not pay it again`);
        this.payout = payout;
    }
}
/** Seconds that a long poll may take: proxies commonly end what is silent for a minute. */
const LONGEST_WAIT_SECONDS = 30;
const UNCHANGED_PAUSE_MS = 1_000;
const RETRIED = new Set([
    408,
    429,
    500,
    502,
    503,
    504
]);
export class PayoutClient {
    #options;
    #headers;
    constructor({ baseUrl, apiKey, ...options }){
        this.#options = {
            baseUrl: baseUrl.replace(/\/+$/, ''),
            attempts: 6,
            timeoutMs: 15_000,
            fetch,
            ...options
        };
        this.#headers = apiKey === undefined ? {} : {
            authorization: `Bearer ${apiKey}`
        };
    }
    /** Starts a payout. It is retried with the same clientOrderId, under which the API never pays twice. */
    async create(request) {
        return await this.#ask('POST', '/payouts', {
            body: JSON.stringify(request)
        });
    }
    /** The payout as it is now, or when it changes, at the latest after `waitSeconds` (60 at most). */
    async get(clientOrderId, { waitSeconds = 0 } = {}) {
        const query = waitSeconds > 0 ? `?wait=${waitSeconds}` : '';
        return await this.#ask('GET', `/payouts/${encodeURIComponent(clientOrderId)}${query}`, {
            waitSeconds
        });
    }
    /**
   * Waits until the payout has an outcome. `needs_review` and `unconfirmed` are no end: it waits on.
   * @throws NotSettledError at the deadline
   */
    async waitUntilSettled(clientOrderId, { timeoutMs }) {
        const endMs = Date.now() + timeoutMs;
        let payout = await this.get(clientOrderId);
        while(payout.outcome === null){
            const leftSeconds = Math.ceil((endMs - Date.now()) / 1_000);
            if (leftSeconds <= 0) throw new NotSettledError(payout);
            const later = await this.get(clientOrderId, {
                waitSeconds: Math.min(leftSeconds, LONGEST_WAIT_SECONDS)
            });
            // Of a payout that no workflow follows every answer comes at once: a person must act first.
            if (later.outcome === null && later.updatedAt === payout.updatedAt) await pause(UNCHANGED_PAUSE_MS);
            payout = later;
        }
        return payout;
    }
    /** Payouts page by page, open ones first. Lists are slightly behind: never pay because of one. */
    async *list(filter = {}) {
        let cursor = null;
        do {
            const query = new URLSearchParams({
                ...filter,
                ...cursor === null ? {} : {
                    cursor
                }
            });
            const page = await this.#ask('GET', `/payouts?${query}`);
            yield* page.payouts;
            cursor = page.nextCursor;
        }while (cursor !== null)
    }
    async #ask(method, path, extra = {}) {
        const { baseUrl, attempts, timeoutMs, fetch: send } = this.#options;
        const type = extra.body === undefined ? {} : {
            'content-type': 'application/json'
        };
        for(let attempt = 1;; attempt += 1){
            const last = attempt >= attempts;
            let retryAfter = null;
            try {
                const response = await send(`${baseUrl}${path}`, {
                    method,
                    headers: {
                        ...this.#headers,
                        ...type
                    },
                    ...extra.body === undefined ? {} : {
                        body: extra.body
                    },
                    redirect: 'error',
                    signal: AbortSignal.timeout(timeoutMs + (extra.waitSeconds ?? 0) * 1_000)
                });
                if (response.ok) return await response.json();
                if (last || !RETRIED.has(response.status)) throw new PayoutError(await readProblem(response));
                retryAfter = response.headers.get('retry-after');
                await response.body?.cancel();
            } catch (error) {
                if (last || error instanceof PayoutError) throw error;
            }
            await pause(pauseMs(attempt, retryAfter));
        }
    }
}
const pause = (ms)=>new Promise((resolve)=>setTimeout(resolve, ms));
/** What the API asks for, else half a second, doubling, with a share of chance so that clients do not come at once. */
function pauseMs(attempt, retryAfter) {
    const asked = Number(retryAfter ?? Number.NaN) * 1_000;
    if (asked > 0) return Math.min(asked, 60_000);
    return 500 * 2 ** Math.min(attempt - 1, 6) * (0.75 + Math.random() / 2);
}
async function readProblem(response) {
    const { status } = response;
    const unknown = {
        type: 'about:blank',
        title: response.statusText,
        status,
        code: 'unknown',
        detail: 'not from the API'
    };
    const body = await response.json().catch(()=>null);
    return typeof body === 'object' && body !== null ? {
        ...unknown,
        ...body
    } : unknown;
}
/** What a notification holds. The payout is as it was then; new types may come. */
const TOLERANCE_SECONDS = 300;
const SHORTEST_KEY = 24;
/**
 * Checks a notification (Standard Webhooks) and returns it. Give it the body as it arrived, not parsed.
 * @param secret as configured, with `whsec_`
 * @throws Error when the signature is wrong, or the time more than five minutes off
 */
export async function verifyNotification(rawBody, headers, { secret, nowMs = Date.now() }) {
    const [id, timestamp, signatures] = [
        'webhook-id',
        'webhook-timestamp',
        'webhook-signature'
    ].map((name)=>headers[name]);
    if (!(Math.abs(nowMs / 1_000 - Number(timestamp)) <= TOLERANCE_SECONDS)) throw new Error('the time is more than 5 minutes off');
    const toBytes = (base64)=>Uint8Array.from(atob(base64), (character)=>character.charCodeAt(0));
    const hmac = {
        name: 'HMAC',
        hash: 'SHA-256'
    };
    const { subtle } = globalThis.crypto;
    const bytes = toBytes(secret.replace(/^whsec_/, ''));
    if (bytes.length < SHORTEST_KEY) throw new Error('secret: expected whsec_ and base64 of at least 24 bytes');
    const key = await subtle.importKey('raw', bytes, hmac, false, [
        'verify'
    ]);
    const signed = new TextEncoder().encode(`${id}.${timestamp}.${rawBody}`);
    for (const signature of String(signatures).split(' ')){
        const [version, base64 = ''] = signature.split(',');
        if (version !== 'v1' || !/^[A-Za-z0-9+/]+=*$/.test(base64)) continue;
        if (await subtle.verify(hmac, key, toBytes(base64), signed)) return JSON.parse(rawBody);
    }
    throw new Error('no signature is right');
}
