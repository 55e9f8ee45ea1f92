import { makeCopied } from './copy.js';
import { byId, make, makeFacts } from './dom.js';
import { writeSettledBy } from './story.js';
import { seesSeveral } from './tenant.js';
import { makeTime } from './times.js';

/** @import { Payout } from '../../src/api/operate/page' */
/** @import { Me } from './me.js' */

/** What is known of a payout beside its story. @param {Payout} payout @param {Me} me */
export function showFacts(payout, me) {
  const { reason, settledAt, acknowledged, clientOrderId } = payout;
  const facts = makeFacts({
    Reference: payout.reference ?? '',
    Tags: payout.tags?.join(', ') ?? '',
    ...Object.fromEntries(Object.entries(payout.metadata ?? {}).map(([key, value]) => [`Metadata: ${key}`, value])),
    Tenant: seesSeveral(me) ? payout.tenant : '',
    Endpoint: payout.endpoint,
    'Order id': payout.orderId === null ? null : makeCopied(payout.orderId),
    Settled: writeSettledBy(payout),
    'Settled (UTC)': settledAt === null ? '' : makeTime(settledAt),
    Reason: [reason?.code, reason?.message].filter(Boolean).join(': '),
    Acknowledged: acknowledged === null ? '' : `by ${acknowledged.by}: ${acknowledged.reason}`,
    Approval:
      payout.approval === null
        ? ''
        : `${payout.approval.approvedBy.length} of ${payout.approval.needed} by rule ${payout.approval.rule}, asked for by ${payout.approval.requestedBy}`,
    'The hook says': payout.approval?.reason ?? '',
    'Send at (UTC)':
      payout.executeAt === null
        ? ''
        : make(
            'span',
            null,
            makeTime(payout.executeAt),
            payout.movedBecause === null ? null : ` (moved: ${payout.movedBecause})`,
          ),
    'Created (UTC)': makeTime(payout.createdAt),
    'Last change (UTC)': makeTime(payout.updatedAt),
    Workflow:
      me.temporalUi === null
        ? ''
        : make('a', {
            href: me.temporalUi + encodeURIComponent(`payout:${clientOrderId}`),
            rel: 'noreferrer',
            text: 'in the Temporal UI',
          }),
  });
  byId('payout-facts').replaceChildren(...facts);
}
