/** @import { Step } from '../../src/api/operate/page' */
/** What stands for steps that repeat those before it: how many they are. @typedef {Step & { folded?: number }} Line */

/** A pause or an outage repeats one step, or a try and its end, for a day. */
const PERIODS = [1, 2];
const FEW = 4;

/** @param {Step | undefined} one @param {Step | undefined} other */
const isLike = (one, other) =>
  one?.actor === null &&
  other?.actor === null &&
  ['source', 'what', 'state', 'orderId', 'reason'].every(
    (name) => one[/** @type {keyof Step} */ (name)] === other[/** @type {keyof Step} */ (name)],
  );

/**
 * The steps with what repeats itself often told once, and at its last time. What a person did is always shown.
 * @param {readonly Step[]} steps
 * @returns {Line[]}
 */
export function foldSteps(steps) {
  /** @type {Line[]} */
  const lines = [];
  for (let at = 0; at < steps.length; ) {
    const found = PERIODS.map((period) => {
      let end = at + period;
      while (end < steps.length && isLike(steps[end], steps[end - period])) end += 1;
      return { period, times: Math.floor((end - at) / period) };
    }).find(({ times }) => times > FEW);
    const { period, times } = found ?? { period: 1, times: 1 };
    const end = at + period * times;
    lines.push(...steps.slice(at, at + period));
    if (times > 1) {
      const [hidden] = steps.slice(at + period, at + period + 1);
      if (hidden !== undefined) lines.push({ ...hidden, folded: times - 2 });
      lines.push(...steps.slice(end - period, end));
    }
    at = end;
  }
  return lines;
}
