import { createRandom, drawOne, drawWhole, type Random, shuffle } from '../../support/random';
import { dealScenarios } from './payout-mix';
import { POINTS } from './points';

/** The processes that are killed and frozen. */
export type Victim = `worker-${number}` | `api-${number}` | 'temporal';

export interface PlannedPayout {
  readonly clientOrderId: string;
  readonly scenario: string;
  readonly digits: string;
  readonly amount: string;
  readonly currency: string;
  /** The batch that it is a row of; null: asked for alone. */
  readonly batch: string | null;
  /** All times of a plan count from the start of the run, in ms. */
  readonly atMs: number;
  /** Asked for once more so long after its acceptance, as a caller does that lost its answer; null: only once. */
  readonly againAfterMs: number | null;
}

/** A kill, or a freeze of `frozenMs`, at a moment of chance. */
export interface Disturbance {
  readonly atMs: number;
  readonly victim: Victim;
  readonly frozenMs: number | null;
  /** How long a killed process stays away. */
  readonly awayMs: number;
}

/** What is reset: an open payout in this state, a closed one, or a run that a reset began. */
export const RESET_KINDS = ['sending', 'unconfirmed', 'processing', 'needs_review', 'closed', 'again'] as const;
export type ResetKind = (typeof RESET_KINDS)[number];

/** From `atMs` on, the first payout of the kind that there is; which one, and at which of its events, are parts of 1. */
export interface PlannedReset {
  readonly atMs: number;
  readonly kind: ResetKind;
  readonly payoutPart: number;
  readonly eventPart: number;
}

/** What the way between gateway and API does to a callback. */
export const CALLBACK_FAULTS = ['duplicated', 'delayed', 'reordered', 'dropped', 'amount_tampered'] as const;
export type CallbackFault = (typeof CALLBACK_FAULTS)[number];

export type Plan = ReturnType<typeof makePlan>;
type PlanOptions = Readonly<Record<'payouts' | 'seconds' | 'seed' | 'workers' | 'apis', number>>;

/** Of this currency a limit allows a part. */
export const LIMITED_CURRENCY = 'USD';
const CAP_PART = 0.5;

/** The load ends before the faults do: the last payouts are disturbed as much as the first. */
const LOAD_PART = 0.8;
/** Mean time between two disturbances of one process. Temporal takes everything with it, so it has more peace. */
const MEAN_GAP_MS = { worker: 18_000, api: 16_000, temporal: 20_000 } as const;
const FREEZE_PART = 0.3;

/** Everything that chance decides, decided beforehand: the same options give the same plan. */
export function makePlan(options: PlanOptions) {
  const { seed, seconds, workers, apis } = options;
  const random = createRandom(seed);
  const untilMs = seconds * 1_000;
  const victims: Victim[] = [
    ...Array.from({ length: workers }, (_, index): Victim => `worker-${index + 1}`),
    ...Array.from({ length: apis }, (_, index): Victim => `api-${index + 1}`),
    'temporal',
  ];
  const payouts = planPayouts(random, options);
  return {
    ...{ seed, seconds, workers, apis, payouts, capMinor: planCap(payouts) },
    disturbances: victims.flatMap((victim) => planDisturbances(random, victim, untilMs)).sort(byTime),
    points: planPoints(random, untilMs),
    /** By the order of arrival of callbacks, over and over. */
    callbackFaults: shuffle<CallbackFault | null>(random, [
      ...[...CALLBACK_FAULTS, ...CALLBACK_FAULTS],
      ...Array<null>(14).fill(null),
    ]),
    /** When a forged callback is sent. */
    forgeriesAtMs: Array.from({ length: Math.max(5, Math.floor(seconds / 2)) }, () =>
      drawWhole(random, 0, untilMs),
    ).sort((one, other) => one - other),
    resets: planResets(random, untilMs),
  };
}

function planPayouts(random: Random, { payouts, seconds, seed }: PlanOptions): PlannedPayout[] {
  const loadMs = seconds * 1_000 * LOAD_PART;
  const dealt = dealScenarios(random, payouts);
  const isFirst = (scenario: string, index: number) =>
    dealt.findIndex((entry) => entry.scenario === scenario) === index;
  // Fewer of the rows of batches: most of those find room for their sum.
  const isLimited = (index: number) => index % 8 === 1 || index % 16 === 5;
  return dealt.map(({ scenario, digits }, index) => ({
    clientOrderId: `X-${seed}-${String(index + 1).padStart(6, '0')}`,
    scenario,
    digits,
    amount: `${drawWhole(random, 1, 999)}.${String(drawWhole(random, 0, 99)).padStart(2, '0')}`,
    atMs: Math.floor((index * loadMs) / payouts),
    againAfterMs: random() < 0.15 ? drawWhole(random, 0, 5_000) : null,
    // By the number, so that a seed means the same scenarios and times as ever.
    // The first of each scenario is not limited: it reaches the gateway.
    currency: isLimited(index) && !isFirst(scenario, index) ? LIMITED_CURRENCY : 'EUR',
    batch: index % 8 === 5 || index % 8 === 6 ? `X-${seed}-B${Math.floor(index / 80) + 1}` : null,
  }));
}

/** In minor units. */
function planCap(payouts: readonly PlannedPayout[]): bigint {
  const limited = payouts.filter(({ currency }) => currency === LIMITED_CURRENCY);
  const sum = limited.reduce((total, { amount }) => total + Number(amount.replace('.', '')), 0);
  return BigInt(Math.floor(sum * CAP_PART));
}

function planDisturbances(random: Random, victim: Victim, untilMs: number): Disturbance[] {
  const meanMs = MEAN_GAP_MS[victim.replace(/-.*/, '') as keyof typeof MEAN_GAP_MS];
  const planned: Disturbance[] = [];
  for (let atMs = drawGap(random, meanMs); atMs < untilMs; atMs += drawGap(random, meanMs)) {
    // The first two are one of each, so that no seed leaves one out.
    const isFreeze = planned.length < 2 ? planned.length === 1 : random() < FREEZE_PART;
    const frozenMs = isFreeze ? drawWhole(random, 300, 6_000) : null;
    planned.push({ atMs, victim, frozenMs, awayMs: drawWhole(random, 0, 1_500) });
  }
  return planned;
}

/** Between a half and one and a half of the mean. */
function drawGap(random: Random, meanMs: number): number {
  return drawWhole(random, meanMs / 2, meanMs * 1.5);
}

/** Each once in an order of chance, then more of them: as many as come one after another over the time of the load. */
function drawOften<T>(random: Random, kinds: readonly T[], times: number): T[] {
  const all = shuffle(random, kinds);
  return [...all, ...Array.from({ length: Math.max(0, Math.floor(times) - all.length) }, () => drawOne(random, all))];
}

/** A point is armed from `atMs` on: the next payout that comes by meets it. */
function planPoints(random: Random, untilMs: number) {
  const loadMs = untilMs * LOAD_PART;
  const names = drawOften(
    random,
    POINTS.map(({ name }) => name),
    loadMs / 3_000,
  );
  return names.map((name, index) => ({ name, atMs: Math.floor((index * loadMs * 0.9) / names.length) }));
}

/** Over the time of the load, for what a reset leaves is disturbed too. */
function planResets(random: Random, untilMs: number): PlannedReset[] {
  const kinds = drawOften(random, RESET_KINDS, (untilMs * LOAD_PART) / 4_000);
  return kinds.map((kind, index) => ({
    ...{ kind, payoutPart: random(), eventPart: random() },
    atMs: Math.floor(((index + 1) * untilMs * LOAD_PART) / (kinds.length + 1)),
  }));
}

function byTime(one: { atMs: number }, other: { atMs: number }): number {
  return one.atMs - other.atMs;
}
