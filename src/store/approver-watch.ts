import { setTimeout } from 'node:timers/promises';
import { lacksApprovers } from '../domain/approvals';
import { type ClientOrderId, isClientOrderId } from '../domain/ids';
import { payoutIdPrefix } from '../workflows/messages';
import { formatPayoutQuery } from './list-filter';
import type { PayoutStore } from './payouts';
import type { Visibility } from './visibility';

const LOOK_EVERY_MS = 5_000;
/** Lists are late, and another process knew the keys of before for a moment: what was accepted meanwhile is found by a second walk. */
const AGAIN_AFTER_MS = 60_000;
const PAGE = 100;
/** Pages of one walk; what is beyond has most of its time still to wait. */
const MOST_PAGES = 100;
const PAUSE_MS = 100;

/**
 * Judges anew whether payouts that wait for approvals can get them, after persons got or lost a key that may approve: when the file of
 * keys or a date changed that, or the process began. In the background, and slowly: nothing waits for it.
 */
export function watchApprovers(deps: {
  readonly store: Pick<PayoutStore, 'read' | 'signalApprovers'>;
  readonly visibility: Pick<Visibility, 'list'>;
  /** Tenants that keys name. */
  readonly tenants: () => readonly string[];
  readonly approversFor: (tenant: string) => readonly string[];
  readonly now?: () => number;
  readonly signal?: AbortSignal;
  readonly pauseMs?: number;
}) {
  const { store, visibility, tenants, approversFor, now = Date.now, pauseMs = PAUSE_MS } = deps;
  let judgedWith: string | null = null;
  /** When the walks are due that are still to be made. */
  let due: readonly number[] = [];
  let isWalking = false;

  async function judge(clientOrderId: ClientOrderId): Promise<void> {
    const reading = await store.read(clientOrderId);
    if (reading === null || reading.isClosed) return;
    const isBlocked = lacksApprovers(reading.payout, approversFor(reading.tenant));
    if (isBlocked === null || isBlocked === (reading.payout.gate?.isBlocked ?? false)) return;
    await store.signalApprovers(clientOrderId, isBlocked);
  }

  async function walk(): Promise<void> {
    const query = formatPayoutQuery({ tenants: '*', state: ['awaiting_details', 'awaiting_approval'] });
    let token: Uint8Array | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { runs, next } = await visibility.list(query, { size: PAGE, token });
      for (const { workflowId } of runs) {
        const id = workflowId.slice(payoutIdPrefix.length);
        // One that cannot be read is for another page of the runbook.
        if (isClientOrderId(id)) await judge(id).catch(() => undefined);
        await setTimeout(pauseMs, undefined, { ref: false });
      }
      if (next === null) return;
      token = next;
    }
  }

  /** Walks where approvers have changed since the last one; one that fails is made again. */
  async function look(): Promise<void> {
    if (isWalking) return;
    const present = JSON.stringify(tenants().map((tenant) => [tenant, approversFor(tenant)]));
    if (present !== judgedWith) [judgedWith, due] = [present, [now(), now() + AGAIN_AFTER_MS]];
    const [next = Number.POSITIVE_INFINITY, ...later] = due;
    if (now() < next) return;
    isWalking = true;
    try {
      await walk();
      due = later;
    } catch {
      // The next look makes it again.
    } finally {
      isWalking = false;
    }
  }

  const timer = setInterval(() => void look(), LOOK_EVERY_MS).unref();
  deps.signal?.addEventListener('abort', () => clearInterval(timer));
  return { look };
}
