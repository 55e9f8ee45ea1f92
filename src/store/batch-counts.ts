import type { Tenants } from '../domain/tenants';
import { searchAttributes } from '../workflows/messages';
import { formatPayoutQuery, oneOf } from './list-filter';
import { shareAnswers } from './shared-answers';
import type { Visibility } from './visibility';

const KEPT_MS = 10_000;

export type CountBatch = ReturnType<typeof createCountBatch>;

/** How far the payouts of a batch are, slightly behind, and the same for everyone who asks within ten seconds. For display alone. */
export function createCountBatch(deps: { readonly visibility: Pick<Visibility, 'count'>; readonly now: () => number }) {
  const { visibility, now } = deps;
  const share = shareAnswers<Awaited<ReturnType<typeof count>>>({ keepMs: KEPT_MS, now });

  async function count(batch: string, tenants: Tenants) {
    const payouts = formatPayoutQuery({ batch, tenants });
    const running = `${payouts} AND ${oneOf('ExecutionStatus', ['Running'])}`;
    const made = await visibility.count(payouts);
    const open = await visibility.count(running);
    const inReview = await visibility.count(`${running} AND ${oneOf(searchAttributes.state.name, ['needs_review'])}`);
    const paid = await visibility.count(formatPayoutQuery({ batch, tenants, outcome: 'approved' }));
    return { made, open, inReview, paid };
  }

  return (batch: string, tenants: Tenants) => share(`${batch} ${tenants}`, () => count(batch, tenants));
}
