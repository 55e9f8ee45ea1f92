import type { WorkerLimits } from '../config/worker-limits';
import type { CallKind } from '../workflows/messages';

export const CALL_KINDS: readonly CallKind[] = ['send', 'confirm', 'poll'];

/** A call waits for its turn in the worker for at most about this long: as many are taken up as get their turn within it. */
const TURN_SECONDS = 4;

/**
 * Activities of one kind for one endpoint at once. With a rate as many as get their turn in time: others would wait beyond their own
 * deadlines.
 */
export function callSlots(kind: CallKind, ratePerSecond: number | null, { watches, calls }: WorkerLimits): number {
  const slots = kind === 'poll' ? watches : calls;
  return ratePerSecond === null ? slots : Math.max(2, Math.min(slots, Math.ceil(ratePerSecond * TURN_SECONDS)));
}

/** Watches of an endpoint that may pause in a worker at once. The other half of the slots is for those that ask and go. */
export function pausesAtOnce(
  endpoints: readonly { readonly name: string; readonly ratePerSecond: number | null }[],
  limits: WorkerLimits,
): (endpoint: string) => number {
  const rates = new Map(endpoints.map(({ name, ratePerSecond }) => [name, ratePerSecond]));
  return (endpoint) => Math.floor(callSlots('poll', rates.get(endpoint) ?? null, limits) / 2);
}

/** Workflow tasks of a worker at once. Each costs moments of one thread, unless it waits for a local activity. */
export const WORKFLOW_TASKS_AT_ONCE = 100;

/** Confirmations that may hold their workflow task at once: one endpoint that hangs leaves most tasks to the others. */
export const LOCAL_CONFIRMATIONS = { each: 20, inAll: WORKFLOW_TASKS_AT_ONCE / 2 } as const;

/** What the activities of a worker may ask at once. */
export function questionsAtOnce({ calls }: WorkerLimits) {
  return { localConfirmations: LOCAL_CONFIRMATIONS, pollsAtOnce: calls };
}

/** Sockets of a worker to one endpoint: no call ever waits for one. */
export function socketsPerEndpoint({ calls }: WorkerLimits): number {
  return CALL_KINDS.length * calls + LOCAL_CONFIRMATIONS.each;
}

/** Requests to one subscriber at once. */
export const DELIVERIES_EACH = 20;
/** For what makes no request, or finds that its subscriber has no slot free. */
const QUICK_DELIVERIES = 20;

/** Activities of the notifications' queue at once: however many subscribers hang, each of the others has its own slots. */
export function deliveriesAtOnce(subscribers: number): number {
  return subscribers * DELIVERIES_EACH + QUICK_DELIVERIES;
}

/** Batches that a worker starts rows of at once; the others wait. */
export const BATCHES_AT_ONCE = 10;
