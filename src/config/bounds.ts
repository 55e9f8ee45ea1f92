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
const FORGOTTEN = 'the longest unused is forgotten';
const TOO_LARGE = '413';
const NOT_TAKEN = '200 to a callback, which is counted and not taken';

/** Every bound on what a stranger, a caller or the gateway can make grow in a process of ours. `docs/limits.md` shows it. */
export const BOUNDS = {
  connections: { most: 2_000, of: 'open connections of an API process', beyond: 'a new one is closed at once' },
  requestMs: {
    most: 10_000,
    of: 'ms for a request to arrive, headers and body',
    beyond: '408, and the connection is closed',
  },
  keepAliveMs: { most: 10_000, of: 'ms without a request on an open connection', beyond: 'the connection is closed' },
  silentMs: { most: 120_000, of: 'ms in which an answer is not read', beyond: 'the connection is closed' },
  headerBytes: { most: 16 * KIB, of: 'bytes of address and headers', beyond: '431' },
  jsonBytes: { most: 64 * KIB, of: 'bytes of a JSON body', beyond: TOO_LARGE },
  callbackBytes: { most: 16 * KIB, of: 'bytes of a callback', beyond: TOO_LARGE },
  receiverFormBytes: { most: 16 * KIB, of: "bytes of the Receiver's form", beyond: 'the page of an unknown link' },
  codecBytes: { most: 8 * KIB * KIB, of: 'bytes of payloads to decode', beyond: TOO_LARGE },
  codecPayloads: { most: 1_000, of: 'payloads to decode in one request', beyond: TOO_LARGE },
  codecFormBytes: { most: 4 * KIB, of: 'bytes of the form of the codec page', beyond: TOO_LARGE },
  codecSessions: { most: 1_000, of: 'sessions of the codec page', beyond: 'the longest unused ends' },
  streams: { most: 500, of: 'event streams of an API process', beyond: '429' },
  streamsPerCaller: { most: 100, of: 'event streams of one caller', beyond: '429' },
  waits: { most: 1_000, of: 'long polls of an API process', beyond: '429 to a read; a start is answered at once' },
  waitsPerCaller: { most: 200, of: 'long polls of one caller', beyond: '429 to a read; a start is answered at once' },
  mismatches: { most: 20, of: 'different requests under used ids, of one caller in 10 minutes', beyond: '429' },
  wrongKeys: { most: 30, of: 'wrong keys of one address in a minute', beyond: '429' },
  refusedCallbacks: {
    most: 60,
    of: 'refused callbacks of one address in a minute',
    beyond: '429, one log line a minute',
  },
  payoutEvents: { most: 1_000, of: 'events of a history that takes signals', beyond: NOT_TAKEN },
  payoutBytes: { most: 2 * KIB * KIB, of: 'bytes of a history that takes signals', beyond: NOT_TAKEN },
  lateClaims: { most: MOST_LATE_CLAIMS, of: 'claims of events after one payout', beyond: NOT_TAKEN },
  lateEvents: { most: MOST_LATE_EVENTS, of: 'events after one payout that are kept', beyond: 'the gateway is asked' },
  unmatched: { most: 100, of: 'unknown payouts with callbacks, in a minute', beyond: '503: the gateway repeats it' },
  takenCallbacks: { most: 10_000, of: 'callbacks whose repeats are recognised, for a minute', beyond: FORGOTTEN },
  sharedAnswers: { most: 1_000, of: 'questions of lists whose answers are shared', beyond: FORGOTTEN },
  recentIds: { most: 10_000, of: 'ids of payouts that a process remembers', beyond: FORGOTTEN },
  blockedAddresses: { most: 5_000, of: 'addresses that are held up', beyond: FORGOTTEN },
} as const satisfies Record<string, Bound>;
