import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { paintState } from './colour';
import type { LiveLine } from './live-line';
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
/** How the payout of the first start is named. */
const FIRST = 'FIRST';
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

/** A path as a person in this folder types it. */
function shortenPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

/**
 * Three commands to copy, a short line each: create the payout in this file, wait for its end, read the gateway's own record. Quoted as
 * every shell takes it.
 */
export function listCommands(
  system: Pick<RunningSystem, 'api' | 'simulator'>,
  clientOrderId: string,
  file: string,
): string[] {
  return [
    `curl ${system.api}/payouts -H content-type:application/json -d "@${shortenPath(file)}"`,
    `curl "${system.api}/payouts/${clientOrderId}?wait=final"`,
    `curl "${system.simulator}/control/ledger?clientOrderId=${clientOrderId}"`,
  ];
}

/** The last payout of a former start, in this state where one is given; null when there is none. */
async function findEarlier(api: string, prefix: string, state?: string): Promise<string | null> {
  const query = new URLSearchParams({ clientOrderId: `${prefix}-*`, limit: '1', ...(state && { state }) });
  const response = await fetch(`${api}/payouts?${query}`);
  const { payouts = [] } = (await response.json()) as { payouts?: { clientOrderId: string }[] };
  return payouts[0]?.clientOrderId ?? null;
}

/** The page of a payout of a former start that still waits for its Receiver; null when there is none. */
async function findWaiting(api: string, prefix: string, state: string): Promise<string | null> {
  const clientOrderId = await findEarlier(api, prefix, state);
  return clientOrderId === null ? null : (await readPayout(api, clientOrderId)).receiverPage;
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
    print('\nPlay the Receiver (each link works for 7 days after it was first printed):');
    print(`  Enter where the money goes      ${checkout}`);
    print(`      any account number works; ${asked.accountNumber} leads to a form at the gateway`);
    print(`  Fill in a form at the gateway   ${form}`);
  } catch (error) {
    print(`  The Receiver's pages did not work: ${describeError(error)}`);
  }
}

export interface Presentation {
  readonly print: (line: string) => void;
  readonly live?: LiveLine;
  /** Where to write the body of the payout to try. */
  readonly tryFile: string;
}

/**
 * Makes one payout and prints its steps, then links and commands to try. Another start shows that payout again, so that the lists stay
 * as the user left them. Failures are printed, not thrown: the system is running.
 */
export async function playDemonstration(system: RunningSystem, { print, live, tryFile }: Presentation): Promise<void> {
  let clientOrderId = makeClientOrderId(FIRST);
  try {
    const earlier = await findEarlier(system.api, FIRST);
    clientOrderId = earlier ?? clientOrderId;
    print(`\n${earlier ? 'The payout of the first start' : 'One payout'}, ${clientOrderId}, through the API:`);
    if (earlier === null) await createPayout(system.api, describePayout(clientOrderId));
    const payout = await followTimeline({
      ...{ api: system.api, clientOrderId, print, live },
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
  const tried = makeClientOrderId('TRY');
  writeFileSync(tryFile, `${JSON.stringify(describePayout(tried), null, 2)}\n`, { mode: 0o600 });
  for (const command of listCommands(system, tried, tryFile)) print(`  ${command}`);
}
