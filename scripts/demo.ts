import { parseArgs } from 'node:util';
import { describeStanding, linkToWorkflow } from './demonstration';
import { createPayout, describePayout, followTimeline, makeClientOrderId, type PayoutView } from './payout-api';
import { dataDir, describeError } from './project';
import { openRunRecords } from './running';

export interface Scenario {
  readonly name: string;
  /** Each of these, as the last digits of the account number, chooses it. */
  readonly digits: readonly string[];
  readonly description: string;
  readonly expected: string;
}

const OUTCOMES = ['approved', 'declined', 'filtered', 'error', 'rejected', 'cancelled', 'expired'];

/**
 * Whether a payout has reached what the scenario expects: its outcome, `needs_review`, or a state to stay in.
 * Whatever follows a semicolon takes too long to wait for. A later event is waited for until the gateway confirms it, a conflict until it
 * is recorded.
 */
export function hasReachedExpected(payout: PayoutView, expected: string): boolean {
  if (payout.state === 'needs_review') return true;
  if (payout.outcome !== null) {
    if (expected.includes('later event')) return payout.lateEvents.some(({ confirmed }) => confirmed);
    return !expected.includes('conflict') || payout.attention !== null;
  }
  const near = (expected.split(';')[0] ?? '').replace(/never \w+/g, '');
  const words: readonly string[] = near.match(/[a-z_]+/g) ?? [];
  if (words.some((word) => OUTCOMES.includes(word) || word === 'needs_review')) return false;
  if (words.includes(payout.state)) return payout.state !== 'awaiting_receiver';
  return words.includes('alert') && payout.attention !== null;
}

/** The scenarios as a table. */
export function formatScenarios(scenarios: readonly Scenario[]): string {
  const head = { name: 'name', digits: 'digits', description: 'what the gateway does', expected: 'ends' };
  const rows = [head, ...scenarios.map((scenario) => ({ ...scenario, digits: scenario.digits.join(' ') }))];
  const width = (key: keyof Scenario): number => Math.max(...rows.map((row) => row[key].length));
  const columns = (['name', 'digits', 'description'] as const).map((key) => [key, width(key)] as const);
  return rows
    .map((row) => [...columns.map(([key, size]) => row[key].padEnd(size)), row.expected].join('  ').trimEnd())
    .join('\n');
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { scenario: { type: 'string' }, list: { type: 'boolean' }, timeout: { type: 'string', default: '300' } },
  });
  const system = openRunRecords(dataDir).readRunning();
  if (system === null) {
    console.error('Nothing is running. Run `npm start` first, then this in another terminal.');
    return 1;
  }
  const response = await fetch(`${system.simulator}/control/scenarios`);
  const { scenarios } = (await response.json()) as { scenarios: Scenario[] };
  if (values.list) {
    console.log(formatScenarios(scenarios));
    return 0;
  }
  const scenario = scenarios.find(({ name }) => name === (values.scenario ?? 'approved'));
  if (scenario === undefined) {
    console.error(
      `Unknown scenario ${values.scenario}. Choose one of: ${scenarios.map(({ name }) => name).join(', ')}`,
    );
    return 2;
  }
  const clientOrderId = makeClientOrderId('DEMO');
  console.log(`${scenario.name}: ${scenario.description}\nExpected: ${scenario.expected}\nPayout ${clientOrderId}`);
  if (system.temporalUi) console.log(linkToWorkflow(system.temporalUi, clientOrderId));
  await createPayout(system.api, describePayout(clientOrderId, { digits: scenario.digits[0] ?? '' }));
  const payout = await followTimeline({
    ...{ api: system.api, clientOrderId, print: console.log },
    isDone: (seen) => hasReachedExpected(seen, scenario.expected),
    timeoutMs: Number(values.timeout) * 1000,
  });
  console.log(`${clientOrderId}: ${describeStanding(payout)}`);
  return 0;
}

if (require.main === module) {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(describeError(error));
      process.exitCode = 1;
    },
  );
}
