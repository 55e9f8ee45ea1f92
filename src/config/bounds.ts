import { MOST_LATE_CLAIMS, MOST_LATE_EVENTS } from '../domain/late-events';

/** One bound: how much, of what, and what happens beyond it. */
export interface Bound {
  readonly most: number;
  readonly of: string;
  readonly beyond: string;
}

/** How many connections there may be, and how long a request may take to arrive. */
export interface ConnectionBounds {
  readonly most: number;
  readonly requestMs: number;
}

const KIB = 1_024;
const FORGOTTEN = 'the least recently used is dropped';
const TOO_LARGE = '413';
const NOT_TAKEN = '200 to callbacks, counted but not stored';

/** Every limit on what a stranger, a caller or the gateway can make grow in one of our processes. `docs/limits.md` shows it. */
export const BOUNDS = {
  connections: { most: 2_000, of: 'open connections per API process', beyond: 'a new one is closed at once' },
  requestMs: {
    most: 10_000,
    of: 'ms for a request to arrive, headers and body',
    beyond: '408, connection closed',
  },
  keepAliveMs: { most: 10_000, of: 'ms without a request on a connection', beyond: 'the connection is closed' },
  silentMs: {
    most: 120_000,
    of: 'ms without the client reading the answer',
    beyond: 'the connection is closed',
  },
  headerBytes: { most: 16 * KIB, of: 'bytes of address and headers', beyond: '431' },
  jsonBytes: { most: 64 * KIB, of: 'bytes of a JSON body', beyond: TOO_LARGE },
  batchBytes: { most: 8 * KIB * KIB, of: 'bytes of a batch', beyond: TOO_LARGE },
  batchRows: { most: 10_000, of: 'rows of a batch', beyond: '400' },
  batchErrors: { most: 10_000, of: 'errors in the answer to a batch', beyond: 'further ones are left out' },
  batchesAtOnce: { most: 2, of: 'batches that an API process reads at once', beyond: '429' },
  callbackBytes: { most: 16 * KIB, of: 'bytes of a callback', beyond: TOO_LARGE },
  receiverFormBytes: { most: 16 * KIB, of: "bytes of the Receiver's form", beyond: 'the page for an unknown link' },
  codecBytes: { most: 8 * KIB * KIB, of: 'bytes of payloads to decode', beyond: TOO_LARGE },
  codecPayloads: { most: 1_000, of: 'payloads to decode in one request', beyond: TOO_LARGE },
  codecFormBytes: { most: 4 * KIB, of: "bytes of the codec page's form", beyond: TOO_LARGE },
  codecSessions: { most: 1_000, of: 'sessions of the codec page', beyond: 'the least recently used ends' },
  streams: { most: 500, of: 'event streams per API process', beyond: '429' },
  streamsPerTenant: { most: 400, of: 'event streams per tenant', beyond: '429' },
  streamsPerCaller: { most: 100, of: 'event streams per caller', beyond: '429' },
  waits: { most: 1_000, of: 'long polls per API process', beyond: '429 to a read; a start answers at once' },
  waitsPerTenant: { most: 800, of: 'long polls per tenant', beyond: '429 to a read; a start answers at once' },
  waitsPerCaller: { most: 200, of: 'long polls per caller', beyond: '429 to a read; a start answers at once' },
  mismatches: {
    most: 20,
    of: 'requests per caller in 10 minutes that differ from the payout of their id',
    beyond: '429',
  },
  wrongKeys: { most: 30, of: 'wrong keys from one address per minute', beyond: '429' },
  refusedCallbacks: {
    most: 60,
    of: 'refused callbacks from one address per minute',
    beyond: '429, and one log line per minute',
  },
  payoutEvents: { most: 1_000, of: 'events in a history that still accepts signals', beyond: NOT_TAKEN },
  payoutBytes: { most: 2 * KIB * KIB, of: 'bytes of a history that still accepts signals', beyond: NOT_TAKEN },
  lateClaims: { most: MOST_LATE_CLAIMS, of: 'claimed late events of one payout', beyond: NOT_TAKEN },
  lateEvents: { most: MOST_LATE_EVENTS, of: 'stored late events of one payout', beyond: 'the gateway is asked' },
  unmatched: { most: 100, of: 'unknown payouts with callbacks, per minute', beyond: '503: the gateway repeats it' },
  takenCallbacks: { most: 10_000, of: 'callbacks remembered for a minute', beyond: FORGOTTEN },
  sharedAnswers: { most: 1_000, of: 'list queries whose answers are shared', beyond: FORGOTTEN },
  days: { most: 100, of: 'sets of tenants whose last day is counted', beyond: FORGOTTEN },
  recentIds: { most: 10_000, of: 'payout ids that a process remembers', beyond: FORGOTTEN },
  blockedAddresses: { most: 5_000, of: 'blocked addresses', beyond: FORGOTTEN },
} as const satisfies Record<string, Bound>;
