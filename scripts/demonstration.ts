import { createPayout, describePayout, makeClientOrderId, type PayoutView } from './payout-api';
import { describeError } from './project';
import type { RunningSystem } from './running';
import { followTimeline } from './timeline';

const DEMONSTRATION_TIMEOUT_MS = 120_000;

/** Page of one payout in the Temporal user interface. */
export function linkToWorkflow(temporalUi: string, clientOrderId: string, namespace = 'default'): string {
  return `${temporalUi}/namespaces/${namespace}/workflows/${encodeURIComponent(`payout:${clientOrderId}`)}`;
}

/** In words, how a payout stands. */
export function describeStanding(payout: PayoutView | null): string {
  if (payout === null) return 'never seen';
  if (payout.outcome === null) return `still open: ${payout.state}${payout.attention ? ` (${payout.attention})` : ''}`;
  return `final status: ${payout.outcome}${payout.settledBy ? `, settled by ${payout.settledBy}` : ''}`;
}

/** Three commands that work as printed: create, read with waiting, the gateway's own record. */
export function listCommands(system: Pick<RunningSystem, 'api' | 'simulator'>, clientOrderId: string): string[] {
  const body = JSON.stringify(describePayout(clientOrderId));
  return [
    `curl -sS -w '\\n' -X POST ${system.api}/payouts -H 'content-type: application/json' -d '${body}'`,
    `curl -sS -w '\\n' '${system.api}/payouts/${clientOrderId}?wait=20'`,
    `curl -sS -w '\\n' '${system.simulator}/control/ledger?clientOrderId=${clientOrderId}'`,
  ];
}

/** Makes one payout and shows its steps live, then where to look and what to try. A failure is shown, not thrown: the system is up. */
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
  print(`\nAPI and its pages    ${system.api}/docs`);
  print(`Operators' page      ${system.api}/operate`);
  if (system.temporalUi) print(`This very payout     ${linkToWorkflow(system.temporalUi, clientOrderId)}`);
  print(`Simulated gateway    ${system.simulator}/`);
  print('\nTry (and `npm run demo -- --list`):');
  for (const command of listCommands(system, makeClientOrderId('TRY'))) print(`  ${command}`);
}
