import { askJson } from './api.js';
import { byId } from './dom.js';
import { readKey } from './session.js';
import { offerTenants } from './tenant.js';

/** @typedef {{ name: string, person: string, tenant: string, tenants: readonly string[], scopes: readonly string[], temporalUi: string | null }} Me */

/** @type {{ key: string | null, me: Promise<Me> } | null} */
let known = null;

/**
 * The name and the scopes of the key of this tab.
 * @returns {Promise<Me>}
 */
export async function readMe() {
  const key = readKey();
  if (known?.key !== key) known = null;
  known ??= { key, me: askJson('me') };
  const own = known;
  try {
    const me = await own.me;
    byId('who').textContent = canAct(me) || canApprove(me) ? me.name : `${me.name}, read only`;
    offerTenants(me);
    return me;
  } catch (error) {
    if (known === own) known = null;
    throw error;
  }
}

/** @param {Me} me */
export const canAct = ({ scopes }) => scopes.includes('payouts:operate');

/** @param {Me} me */
export const canApprove = ({ scopes }) => scopes.includes('payouts:approve');

export const CANNOT_ACT = 'Your key may read, but not act: it lacks payouts:operate.';
export const CAN_ONLY_APPROVE = 'Your key may approve and reject, but not act: it lacks payouts:operate.';

/**
 * Why this person cannot approve; null when they can.
 * @param {Me} me
 * @param {{ requestedBy: string | null, approvedBy: readonly string[] } | null} approval
 */
export function whyNotApprove(me, approval) {
  const { person } = me;
  if (!canApprove(me)) return 'Your key may not approve: it lacks payouts:approve.';
  if (approval === null) return null;
  if (approval.requestedBy === person) return 'You asked for this: another person has to approve it.';
  return approval.approvedBy.includes(person) ? 'You have approved this.' : null;
}
