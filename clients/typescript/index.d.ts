// Made by `npm run clients`; do not edit.

import type { ListedPayout, Payout, PayoutRequest, Problem } from './types.js';
export type * from './types.js';
export interface ClientOptions {
    readonly baseUrl: string;
    readonly apiKey?: string;
    /** How often one request is tried, at most; default 6. */
    readonly attempts?: number;
    /** For one attempt, beyond what the request itself waits; default 15 s. */
    readonly timeoutMs?: number;
    readonly fetch?: typeof fetch;
}
/** The API refused a request. `problem.code` is stable, `problem.type` leads to a page. */
export declare class PayoutError extends Error {
    readonly name = 'PayoutError';
    readonly problem: Problem;
    constructor(problem: Problem);
}
/** The payout is still open at the deadline: the money may move yet. Never pay again under another clientOrderId because of it. */
export declare class NotSettledError extends Error {
    readonly name = 'NotSettledError';
    readonly payout: Payout;
    constructor(payout: Payout);
}
export declare class PayoutClient {
    #private;
    constructor({ baseUrl, apiKey, ...options }: ClientOptions);
    /** Starts a payout. It is retried with the same clientOrderId, under which the API never pays twice. */
    create(request: PayoutRequest): Promise<Payout>;
    /** The payout as it is now, or when it changes, at the latest after `waitSeconds` (60 at most). */
    get(clientOrderId: string, { waitSeconds }?: {
        waitSeconds?: number;
    }): Promise<Payout>;
    /**
   * Waits until the payout has an outcome. `needs_review` and `unconfirmed` are no end: it waits on.
   * @throws NotSettledError at the deadline
   */
    waitUntilSettled(clientOrderId: string, { timeoutMs }: {
        timeoutMs: number;
    }): Promise<Payout>;
    /** Payouts page by page, open ones first. Lists are slightly behind: never pay because of one. */
    list(filter?: Readonly<Record<string, string>>): AsyncGenerator<ListedPayout>;
}
/** What a notification holds. The payout is as it was then; new types may come. */
export interface Notification {
    readonly type: string;
    readonly version: number;
    readonly timestamp: string;
    readonly data: Payout;
}
/**
 * Checks a notification (Standard Webhooks) and returns it. Give it the body as it arrived, not parsed.
 * @param secret as configured, with `whsec_`
 * @throws Error when the signature is wrong, or the time more than five minutes off
 */
export declare function verifyNotification(rawBody: string, headers: Readonly<Record<string, string | string[] | undefined>>, { secret, nowMs }: {
    readonly secret: string;
    readonly nowMs?: number;
}): Promise<Notification>;
