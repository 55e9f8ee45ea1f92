import { createPayout, describePayout, followTimeline, makeClientOrderId, type PayoutView } from './payout-api';
import { describeError } from './project';
import type { RunningSystem } from './running';

const DEMONSTRATION_TIMEOUT_MS = 120_000;
/** The simulator's scenario in which the Receiver must submit a form. */
const NEEDS_RECEIVER_DIGITS = '321';

/** Page of one payout in the Temporal user interface. */
export function linkToWorkflow(temporalUi: string, clientOrderId: string, namespace = 'default'): string {
  return `${temporalUi}/namespaces/${namespace}/workflows/${encodeURIComponent(`payout:${clientOrderId}`)}`;
}

/** The status of a payout in words. */
export function describeStanding(payout: PayoutView | null): string {
  if (payout === null) return 'never seen';
  if (payout.outcome === null) return `still open: ${payout.state}${payout.attention ? ` (${payout.attention})` : ''}`;
  return `final status: ${payout.outcome}${payout.settledBy ? `, settled by ${payout.settledBy}` : ''}`;
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

/** Two payouts that wait for a person: opening the printed link makes you the Receiver. */
async function inviteReceivers(system: RunningSystem, print: (line: string) => void): Promise<void> {
  const { destination: _asked, ...withoutAccount } = describePayout(makeClientOrderId('CHECKOUT'));
  const form = describePayout(makeClientOrderId('FORM'), { digits: NEEDS_RECEIVER_DIGITS });
  try {
    const checkout = await createPayout(system.api, { ...withoutAccount, collect: 'receiver' });
    const sent = await createPayout(system.api, form);
    print('\nPlay the Receiver:');
    print(`  Enter where the money goes      ${checkout.body.receiverPage}`);
    print(`      any account number works; ${form.destination.accountNumber} leads to a form at the gateway`);
    print(`  Fill in a form at the gateway   ${sent.body.receiverPage}`);
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
  print(`\nOperators' page       ${system.api}/operate`);
  print(`API and its pages     ${system.api}/docs`);
  if (system.temporalUi) print(`This payout, readable ${linkToWorkflow(system.temporalUi, clientOrderId)}`);
  print(`Simulated gateway     ${system.simulator}/`);
  print('\nTry (and `npm run demo -- --list`):');
  for (const command of listCommands(system, makeClientOrderId('TRY'))) print(`  ${command}`);
}
