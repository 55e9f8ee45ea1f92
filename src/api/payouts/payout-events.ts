import type { ClientOrderId } from '../../domain/ids';
import type { LateNotice } from '../../domain/notification';
import { isFinalState, type Payout } from '../../domain/payout';
import { viewPayout } from '../../domain/view';
import { TemporalUnavailable } from '../../store/errors';
import type { Reading } from '../../store/payouts';
import type { PayoutView } from '../../store/tenant-view';
import { etagOf } from './payout-answer';

/** The last event a client has: the payout after one workflow task of one run, with a digest of it. */
interface Position {
  readonly run: string;
  readonly task: number;
  readonly tag: string;
}

/** One event of the stream. Its id is a position in the history: a client that comes back with it gets what came after. */
export interface PayoutEvent {
  readonly id: string;
  readonly payout: Payout;
  readonly lateEvents: readonly LateNotice[];
}

const ID = /^([0-9a-f]{8})\.(\d{1,6})\.([\w-]{8})$/;

function readId(id: string | undefined): Position | null {
  const [, run, task, tag] = ID.exec(id ?? '') ?? [];
  return run === undefined || task === undefined || tag === undefined ? null : { run, task: Number(task), tag };
}

/**
 * What is new in a reading for a client whose last event is `lastId`: every change since, in order; without an id, or with one that is not
 * of this history, the payout as it is. The same history gives every client the same ids, whichever process answers.
 */
export function findNews(reading: Reading, lastId: string | undefined): PayoutEvent[] {
  const run = reading.runId.slice(0, 8);
  const moments = reading.decided.map((payout) => ({ payout, lateEvents: [] as readonly LateNotice[] }));
  if (reading.isClosed) moments.splice(-1, 1, { payout: reading.payout, lateEvents: reading.lateEvents });
  const tagAt = (task: number) => {
    const moment = moments[task];
    return moment === undefined ? null : etagOf(moment.payout, moment.lateEvents).slice(3, 11);
  };
  const last = readId(lastId);
  const isOfThisHistory = last !== null && last.run === run && tagAt(last.task) === last.tag;
  let tag = last?.tag ?? null;
  const news: PayoutEvent[] = [];
  for (let task = isOfThisHistory ? last.task + 1 : moments.length - 1; task < moments.length; task += 1) {
    const moment = moments[task];
    const newTag = tagAt(task);
    if (moment === undefined || newTag === null || newTag === tag) continue;
    tag = newTag;
    news.push({ id: `${run}.${task}.${newTag}`, ...moment });
  }
  return news;
}

/** True when there is nothing left to wait for. */
export function isAtEnd(reading: Reading): boolean {
  return reading.isClosed || isFinalState(reading.decided.at(-1)?.state ?? reading.payout.state);
}

/** A client reconnects after this long; comments keep proxies from closing a quiet stream. */
const RETRY_MS = 2_000;
const HEARTBEAT_MS = 15_000;
const OUTAGE_PAUSE_MS = 1_000;

export interface Following {
  readonly store: Pick<PayoutView, 'readUntil'>;
  /** The Receiver's page, where the caller may have it. */
  readonly pageOf: (payout: Payout) => string | null;
  readonly clientOrderId: ClientOrderId;
  readonly lastId: string | undefined;
  /** False once the caller's key would no longer be accepted. */
  readonly isAdmitted: () => boolean;
  /** Ends the stream at once. */
  readonly signal: AbortSignal;
}

/**
 * The stream of a payout from its first reading to its final state, as text of an event stream (WHATWG HTML, section 9.2). Waits on the
 * history; needs no worker. While Temporal is away the stream stays open and quiet.
 */
export async function* streamPayout(first: Reading, following: Following): AsyncGenerator<string> {
  const { store, pageOf, clientOrderId, isAdmitted, signal } = following;
  let { lastId } = following;
  let reading: Reading | null = first;
  yield `retry: ${RETRY_MS}\n\n`;
  while (reading !== null && !signal.aborted && isAdmitted()) {
    for (const event of findNews(reading, lastId)) {
      lastId = event.id;
      yield formatEvent(event, pageOf(event.payout));
    }
    if (isAtEnd(reading)) return;
    const known = lastId;
    const waiting = store.readUntil(clientOrderId, {
      isEnough: (later) => findNews(later, known).length > 0,
      forMs: HEARTBEAT_MS,
    });
    const later = await orAborted(waiting, signal);
    if (later === 'aborted') return;
    if (later === 'unavailable') await orAborted(pause(OUTAGE_PAUSE_MS), signal);
    else reading = later;
    yield ':\n\n';
  }
}

function formatEvent({ id, payout, lateEvents }: PayoutEvent, receiverPage: string | null): string {
  return `id: ${id}\nevent: payout\ndata: ${JSON.stringify(viewPayout(payout, lateEvents, receiverPage))}\n\n`;
}

/** What is awaited, or that the stream was ended, whichever is first. */
async function orAborted<T>(awaited: Promise<T>, signal: AbortSignal): Promise<T | 'aborted' | 'unavailable'> {
  const settled = awaited.catch((error: unknown) => {
    if (error instanceof TemporalUnavailable || signal.aborted) return 'unavailable' as const;
    throw error;
  });
  if (signal.aborted) return 'aborted';
  return await new Promise((resolve, reject) => {
    const end = () => resolve('aborted');
    signal.addEventListener('abort', end, { once: true });
    settled.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
