import { parseArgs } from 'node:util';
import { describeStanding, linkToWorkflow } from './demonstration';
import { withFastStack } from './fast-stack';
import { openLiveLine } from './live-line';
import { createPayout, describePayout, followTimeline, makeClientOrderId, type PayoutView } from './payout-api';
import { dataDir, describeError } from './project';
import { openRunRecords, type RunningSystem } from './running';

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
 * What follows a semicolon takes days, except on a fast clock. A later event is waited for until the gateway confirms it, a conflict
 * until it is recorded.
 */
export function hasReachedExpected(payout: PayoutView, expected: string, isFast = false): boolean {
  if (payout.state === 'needs_review') return true;
  if (payout.outcome !== null) {
    if (expected.includes('later event')) return payout.lateEvents.some(({ confirmed }) => confirmed);
    return !expected.includes('conflict') || payout.attention !== null;
  }
  const near = (isFast ? expected : (expected.split(';')[0] ?? '')).replace(/never \w+/g, '');
  const words: readonly string[] = near.match(/[a-z_]+/g) ?? [];
  if (words.some((word) => OUTCOMES.includes(word) || word === 'needs_review')) return false;
  return words.includes('alert') ? payout.attention !== null : words.includes(payout.state);
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

/** Whether the gateway has nothing more to do by itself for a payout: no status, no callback. */
async function isGatewayDone(simulator: string, clientOrderId: string): Promise<boolean> {
  const response = await fetch(`${simulator}/control/orders?clientOrderId=${clientOrderId}`);
  const { orders } = (await response.json()) as { orders: { done: boolean }[] };
  return orders.every(({ done }) => done);
}

type System = Omit<RunningSystem, 'owner'>;

interface Demo {
  readonly scenario: Scenario;
  readonly isFast: boolean;
  readonly timeoutMs: number;
}

async function play(system: System, { scenario, isFast, timeoutMs }: Demo): Promise<void> {
  const clientOrderId = makeClientOrderId('DEMO');
  console.log(`${scenario.name}: ${scenario.description}\nExpected: ${scenario.expected}`);
  if (!isFast && scenario.expected.includes('horizon')) console.log('The horizon is 14 days away: see it with --fast');
  console.log(`Payout ${clientOrderId}`);
  if (system.temporalUi) console.log(linkToWorkflow(system.temporalUi, clientOrderId));
  await createPayout(system.api, describePayout(clientOrderId, { digits: scenario.digits[0] ?? '' }));
  let wasGatewayDone = false;
  const payout = await followTimeline({
    ...{ api: system.api, clientOrderId, timeoutMs, print: console.log, live: openLiveLine() },
    isDone: async (seen) => {
      // What the gateway did last is in the steps of the next reading.
      const isDone = wasGatewayDone && hasReachedExpected(seen, scenario.expected, isFast);
      wasGatewayDone = await isGatewayDone(system.simulator, clientOrderId);
      return isDone;
    },
  });
  console.log(`${clientOrderId}: ${describeStanding(payout)}`);
}

const FAST_NOTE = `A stack of its own on a fast clock. Time is not changed; these settings are shorter than by default:
  questions once a second until 16 s (4 s to 6 h, until 14 days), for an unconfirmed send until 9 s (a day)
  a call to the gateway may take 2 s (30 s); the gateway's own delays are 0.2 to 10 s (1.5 to 60 s)`;

const USAGE = `npm run demo -- [--scenario NAME] [--fast] [--timeout SECONDS]
npm run demo -- --list

  plays a scenario of the simulator on what \`npm start\` runs; with --fast on a stack of its own, where days become seconds`;

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    options: {
      scenario: { ...text, default: 'approved' },
      help: flag,
      list: flag,
      fast: flag,
      timeout: { ...text, default: '300' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const run = async (system: System): Promise<number> => {
    const response = await fetch(`${system.simulator}/control/scenarios`);
    const { scenarios } = (await response.json()) as { scenarios: Scenario[] };
    if (values.list) {
      console.log(formatScenarios(scenarios));
      return 0;
    }
    const scenario = scenarios.find(({ name }) => name === values.scenario);
    if (scenario === undefined) {
      const names = scenarios.map(({ name }) => name).join(', ');
      console.error(`Unknown scenario ${values.scenario}. Choose one of: ${names}`);
      return 2;
    }
    await play(system, { scenario, isFast: values.fast, timeoutMs: Number(values.timeout) * 1000 });
    return 0;
  };
  if (values.fast) {
    console.log(`${FAST_NOTE}\n`);
    return withFastStack(run);
  }
  const system = openRunRecords(dataDir).readRunning();
  if (system !== null) return run(system);
  console.error('Nothing is running. Run `npm start` first, then this in another terminal, or add --fast.');
  return 1;
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
