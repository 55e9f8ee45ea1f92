import type { PlantedBugs } from '../planted-bug';

/** Bugs that let more be paid than a limit allows. */
export const OVER_LIMIT: PlantedBugs = {
  'limit-counted-twice': {
    rule: 'A payout takes from its limits once, however often the hold is asked for.',
    find: "if (known?.from.join() === from.join()) return { outcome: 'held' };",
    replace: '',
  },
  'released-while-in-doubt': {
    rule: 'Only what provably was not paid is free again.',
    find: "IS_UNPAID[state] && confirmed && attention === null ? 'release' : 'commit'",
    replace: "IS_UNPAID[state] ? 'release' : 'commit'",
    tests: 'apply-limit',
  },
  'sent-without-hold': {
    rule: 'Nothing is sent before its limits are held.',
    find: "if (needsHold(payout.gate)) return waitFor({ atMs: holdDueAt(payout.gate), cause: 'limit' }, nowMs);",
    replace: '',
    tests: 'apply-limit',
  },
  'reset-trusts-its-hold': {
    rule: 'After a reset limits are held anew: the run before may have freed them.',
    find: "holdingAnew(note(payout, plainNote('workflow', 'reset'), { atMs }))",
    replace: "note(payout, plainNote('workflow', 'reset'), { atMs })",
  },
  'settled-hold-taken-again': {
    rule: 'A hold that a slow call brings after its end holds nothing.',
    find: "if (atMs > validUntilMs || this.#wasSettled(id, atMs)) return { outcome: 'late' };",
    replace: '',
  },
  'holds-for-another-time': {
    rule: 'A hold that comes after a payout was put off is held anew in the period of its send.',
    find: 'if (!maySend(payout)) return isFinalState(payout.state) ? payout : { ...payout, gate: holdAnew(gate) };',
    replace: '',
    tests: 'apply-limit',
  },
  'sends-on-the-hold-of-another-day': {
    rule: 'What a hook held is held anew on limits in the period in which persons release it.',
    find: "if (state === 'held') return { ...waiting, state: 'awaiting_approval' };",
    replace: "if (state === 'held') return { ...payout, state: 'awaiting_approval' };",
    tests: 'apply-hook',
  },
  'row-counted-beside-its-batch': {
    rule: 'What a row takes of the sum of its batch is counted once.',
    find: 'if (fund === undefined) this.#counters.set(name, { ...usage, heldMinor: usage.heldMinor + amountMinor });\n      else',
    replace:
      'this.#counters.set(name, { ...usage, heldMinor: usage.heldMinor + amountMinor });\n      if (fund !== undefined)',
  },
};
