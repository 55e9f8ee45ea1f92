import { paintState } from './colour';
import {
  createPayout,
  describePayout,
  followTimeline,
  makeClientOrderId,
  type PayoutView,
  readPayout,
} from './payout-api';
import { describeError } from './project';
import type { RunningSystem } from './running';

const DEMONSTRATION_TIMEOUT_MS = 120_000;
/** The simulator's scenario in which the Receiver must submit a form. */
const NEEDS_RECEIVER = 'needs_receiver';
const NEEDS_RECEIVER_DIGITS = '321';

/** Page of one payout in the Temporal user interface. */
export function linkToWorkflow(temporalUi: string, clientOrderId: string, namespace = 'default'): string {
  return `${temporalUi}/namespaces/${namespace}/workflows/${encodeURIComponent(`payout:${clientOrderId}`)}`;
}

/** The status of a payout in words. */
export function describeStanding(payout: PayoutView | null): string {
  if (payout === null) return 'never seen';
  if (payout.outcome === null)
    return `still open: ${paintState(payout.state)}${payout.attention ? ` (${payout.attention})` : ''}`;
  return `final status: ${paintState(payout.outcome)}${payout.settledBy ? `, settled by ${payout.settledBy}` : ''}`;
}

/** Three commands to copy: create a payout, wait for a change, read the gateway's own record. */
export function listCommands(system: Pick<RunningSystem, 'api' | 'simulator'>, clientOrderId: string): string[] {
  const body = JSON.stringify(describePayout(clientOrderId));
  return [
    `curl -sS -w '\\n' -X POST ${system.api}/payouts -H 'content-type: application/json' -d '${body}'`,
    `curl -sS -w '\\n' '${system.api}/payouts/${clientOrderId}?wait=20'`,
    `curl -sS -w '\\n' '${system.simulator}/control/ledger?clientOrderId=${clientOrderId}'`,
  ];
}

/** The page of a payout of a former start that still waits for its Receiver; null when there is none. */
async function findWaiting(api: string, prefix: string, state: string): Promise<string | null> {
  const query = new URLSearchParams({ state, clientOrderId: `${prefix}-*`, limit: '1' });
  const response = await fetch(`${api}/payouts?${query}`);
  const { payouts = [] } = (await response.json()) as { payouts?: { clientOrderId: string }[] };
  return payouts[0] === undefined ? null : (await readPayout(api, payouts[0].clientOrderId)).receiverPage;
}

/** The gateway's form may be opened as long as the page for an account: days after it was printed. */
const FORM_LIMIT_MS = 7 * 86_400_000;

async function askForForm({ api, simulator }: RunningSystem): Promise<string | null> {
  const clientOrderId = makeClientOrderId('FORM');
  const forced = { clientOrderId, scenario: NEEDS_RECEIVER, settings: { formLimitMs: FORM_LIMIT_MS } };
  const headers = { 'content-type': 'application/json' };
  await fetch(`${simulator}/control/force`, { method: 'POST', headers, body: JSON.stringify(forced) });
  return (await createPayout(api, describePayout(clientOrderId, { digits: NEEDS_RECEIVER_DIGITS }))).body.receiverPage;
}

/** Two payouts that wait for a person: opening the printed link makes you the Receiver. Another start shows those that still wait. */
async function inviteReceivers(system: RunningSystem, print: (line: string) => void): Promise<void> {
  const { destination: asked, ...withoutAccount } = describePayout(makeClientOrderId('CHECKOUT'), {
    digits: NEEDS_RECEIVER_DIGITS,
  });
  try {
    const checkout =
      (await findWaiting(system.api, 'CHECKOUT', 'awaiting_details')) ??
      (await createPayout(system.api, { ...withoutAccount, collect: 'receiver' })).body.receiverPage;
    const form = (await findWaiting(system.api, 'FORM', 'awaiting_receiver')) ?? (await askForForm(system));
    print('\nPlay the Receiver:');
    print(`  Enter where the money goes      ${checkout}`);
    print(`      any account number works; ${asked.accountNumber} leads to a form at the gateway`);
    print(`  Fill in a form at the gateway   ${form}`);
  } catch (error) {
    print(`  The Receiver's pages did not work: ${describeError(error)}`);
  }
}

/** Makes one payout and prints its steps, then links and commands to try. Failures are printed, not thrown: the system is running. */
export async function playDemonstration(system: RunningSystem, print: (line: string) => void): Promise<void> {
  const clientOrderId = makeClientOrderId('DEMO');
  print(`\nOne payout, ${clientOrderId}, through the API:`);
  try {
    await createPayout(system.api, describePayout(clientOrderId));
    const payout = await followTimeline({
      ...{ api: system.api, clientOrderId, print },
      isDone: ({ outcome, state }) => outcome !== null || state === 'needs_review',
      timeoutMs: DEMONSTRATION_TIMEOUT_MS,
    });
    print(`  ${clientOrderId}: ${describeStanding(payout)}`);
  } catch (error) {
    print(`  The demonstration did not work: ${describeError(error)}`);
  }
  await inviteReceivers(system, print);
  print(`\nAll pages             ${system.api}/`);
  print(`Operators' page       ${system.api}/operate`);
  print(`API and its pages     ${system.api}/docs`);
  if (system.temporalUi) print(`This payout, readable ${linkToWorkflow(system.temporalUi, clientOrderId)}`);
  print(`Simulated gateway     ${system.simulator}/`);
  print('\nTry (and `npm run demo -- --list`):');
  for (const command of listCommands(system, makeClientOrderId('TRY'))) print(`  ${command}`);
}
