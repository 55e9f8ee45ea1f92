import { allOf, type Clause, started } from './clause';
import { listAll, type Visibility, type VisibleRun } from './visibility';

/** Where a walk has come to: runs that started at or after `belowUs` are behind it. Null: nothing is. */
export interface WalkFrom {
  readonly belowUs: number | null;
  readonly fromUs: number | null;
  /** How long a window was enough last time. */
  readonly spanUs: number;
}

export interface Window {
  /** Newest first, those of one microsecond by id; every one that fits and started within the window. */
  readonly runs: readonly VisibleRun[];
  readonly spanUs: number;
}

/** How many runs a window should hold. */
export interface WindowSizes {
  readonly least: number;
  readonly most: number;
}

/** Few enough for one answer even when some appear after the count. */
const WINDOW_SIZES: WindowSizes = { least: 50, most: 500 };
export const FIRST_SPAN_US = 60 * 1_000_000;

/**
 * Walks from the newest start time to the oldest, in windows that are each read whole in one answer. A start time never changes, so no
 * run leaves its window or enters another, whatever opens and closes meanwhile.
 */
export async function* walkWindows(
  visibility: Visibility,
  walk: { clause: Clause; at: WalkFrom; nowUs: () => number; sizes?: WindowSizes },
): AsyncGenerator<Window> {
  const { clause, at, nowUs, sizes = WINDOW_SIZES } = walk;
  let { belowUs, spanUs } = at;
  const { fromUs } = at;
  const within = (from: number | null) => allOf(clause, started(from, belowUs));

  for (;;) {
    const left = await visibility.count(within(fromUs));
    if (left === 0) return;
    const isLast = left <= sizes.most;
    const topUs = belowUs ?? nowUs() + FIRST_SPAN_US;
    const bottomOf = (span: number) => Math.max(topUs - span, fromUs ?? 0);
    if (!isLast) spanUs = await findSpan(spanUs, sizes, (span) => visibility.count(within(bottomOf(span))));
    let bottomUs = isLast ? fromUs : bottomOf(spanUs);
    let runs = await readWhole(within(bottomUs));
    while (runs === null) {
      // More came than were counted. A microsecond cannot be halved: it is read on by token.
      spanUs = Math.max(1, Math.floor((topUs - (bottomUs ?? 0)) / 2));
      bottomUs = bottomOf(spanUs);
      runs = spanUs === 1 ? await listAll(visibility, within(bottomUs)) : await readWhole(within(bottomUs));
    }
    yield { runs: runs.sort(compareRuns), spanUs };
    if (bottomUs === fromUs) return;
    belowUs = bottomUs;
  }

  async function readWhole(of: Clause): Promise<VisibleRun[] | null> {
    const { runs, next } = await visibility.list(of);
    return next === null ? runs : null;
  }
}

export function compareRuns(left: VisibleRun, right: VisibleRun): number {
  if (left.startUs !== right.startUs) return right.startUs - left.startUs;
  return left.workflowId < right.workflowId ? -1 : 1;
}

/** A span that holds neither too few nor too many: grown and shrunk by eights, then bisected between the two. */
async function findSpan(
  guess: number,
  { least, most }: WindowSizes,
  count: (spanUs: number) => Promise<number>,
): Promise<number> {
  let small = 0;
  let big = Number.POSITIVE_INFINITY;
  let span = Math.max(1, guess);
  for (;;) {
    const runs = await count(span);
    if (runs >= least && runs <= most) return span;
    if (runs < least) small = span;
    else big = span;
    // Nothing lies between: the last microsecond alone holds more than a window should.
    if (big - small <= 1) return big;
    if (big === Number.POSITIVE_INFINITY) span = small * 8;
    else if (small === 0) span = Math.floor(big / 8) || 1;
    else span = big / small > 4 ? Math.floor(Math.sqrt(small * big)) : Math.floor((small + big) / 2);
  }
}
