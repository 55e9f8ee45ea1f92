import { askJson } from './api.js';
import { byId } from './dom.js';
import { readKey } from './session.js';
import { offerTenants } from './tenant.js';

/** @typedef {{ name: string, tenants: readonly string[], scopes: readonly string[], temporalUi: string | null }} Me */

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
    byId('who').textContent = canAct(me) ? me.name : `${me.name}, read only`;
    offerTenants(me);
    return me;
  } catch (error) {
    if (known === own) known = null;
    throw error;
  }
}

/** @param {Me} me */
export const canAct = ({ scopes }) => scopes.includes('payouts:operate');

export const CANNOT_ACT = 'Your key may read, but not act: it lacks payouts:operate.';
