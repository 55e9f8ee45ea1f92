import { parseArgs } from 'node:util';

/** What Temporal Cloud bills for payouts that a callback settles. Sources: docs/cloud.md. */
export interface Cost {
  /** Billed actions of one payout. */
  readonly perPayout: number;
  readonly perDay: number;
  /** Mean over a day; peaks are higher. */
  readonly perSecond: number;
  /** Over 30 days, in US dollars at the list price of the first tier; of a month's first 5 million actions. */
  readonly dollarsPerMonth: number;
}

export interface Load {
  readonly payoutsPerDay: number;
  /** Status requests before the callback, by the default poll plan. */
  readonly polls: number;
  /** Whether a subscriber is notified. */
  readonly notified?: boolean;
}

/** Start, send, its record, watch, callback, confirmation, attributes. */
const ACTIONS_WITHOUT_POLLS = 7;
/** Start, delivery, attributes of a notification that is taken at once. */
const ACTIONS_OF_A_NOTIFICATION = 3;
const FAST_POLLS = 75;
const FAST_EVERY_S = 4;
/** A watch heartbeats after 8 s; the SDK lets one through in 16 s. */
const FIRST_HEARTBEAT_S = 8;
const HEARTBEAT_S = 16;
const DOLLARS_PER_MILLION = 50;

/** Heartbeats of a watch that lasts so many seconds. */
export function countHeartbeats(seconds: number): number {
  return seconds < FIRST_HEARTBEAT_S ? 0 : 1 + Math.floor((seconds - FIRST_HEARTBEAT_S) / HEARTBEAT_S);
}

/** A fast poll costs nothing but its part of a heartbeat; each slow one is an attempt of its own. */
export function countActions({ polls, notified = false }: Omit<Load, 'payoutsPerDay'>): number {
  const slow = Math.max(0, polls - FAST_POLLS);
  const heartbeats = countHeartbeats((polls - slow) * FAST_EVERY_S);
  return ACTIONS_WITHOUT_POLLS + heartbeats + slow + (notified ? ACTIONS_OF_A_NOTIFICATION : 0);
}

export function estimateCost(load: Load): Cost {
  const perPayout = countActions(load);
  const perDay = perPayout * load.payoutsPerDay;
  const dollarsPerMonth = (perDay * 30 * DOLLARS_PER_MILLION) / 1_000_000;
  return { perPayout, perDay, perSecond: perDay / 86_400, dollarsPerMonth };
}

function readCount(name: string, text: string | undefined): number {
  if (text === undefined || !/^\d{1,9}$/.test(text)) throw new RangeError(`--${name}: expected a whole number`);
  return Number(text);
}

function main(): void {
  const options = {
    'payouts-per-day': { type: 'string' },
    polls: { type: 'string', default: '1' },
    notified: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ options });
  const payoutsPerDay = readCount('payouts-per-day', values['payouts-per-day']);
  const polls = readCount('polls', values.polls);
  const cost = estimateCost({ payoutsPerDay, polls, notified: values.notified });
  const show = (value: number, digits = 0) => value.toLocaleString('en', { maximumFractionDigits: digits });
  console.log(`actions per payout       ${show(cost.perPayout)}`);
  console.log(`actions per day          ${show(cost.perDay)}`);
  console.log(`actions per second       ${show(cost.perSecond, 2)}, mean over a day`);
  console.log(
    `dollars in 30 days       ${show(cost.dollarsPerMonth, 2)}, at ${DOLLARS_PER_MILLION} per million actions`,
  );
}

if (require.main === module) {
  try {
    main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    console.error('npm run cost -- --payouts-per-day N [--polls P] [--notified]');
    process.exitCode = 1;
  }
}
