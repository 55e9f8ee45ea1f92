import type { Finding, ProductView } from '../comparison';
import { findMissing, type Happened } from '../coverage';
import { FORGERIES } from '../forgery';
import { MIX } from '../payout-mix';
import { CALLBACK_FAULTS, RESET_KINDS } from '../plan';
import { POINTS } from '../points';
import { type Ending, exitCodeOf, judge } from '../verdict';

const counted = (names: readonly string[]) => new Map(names.map((name) => [name, 1]));
const FAULTS = [
  ...['probe reset', 'order status reset', 'order status 500', 'POST repeated after its answer'],
  ...['batch taken', 'refused at its limit'],
  ...CALLBACK_FAULTS.map((fault) => `callback ${fault}`),
  ...RESET_KINDS.map((kind) => `reset: ${kind}`),
  ...FORGERIES.map((kind) => `forged callback refused: ${kind}`),
];
const everything = (): { [Kind in keyof Happened]: Map<string, number> } => ({
  kills: counted(['worker', 'api', 'temporal']),
  freezes: counted(['worker', 'api', 'temporal']),
  points: counted(POINTS.map(({ name }) => name)),
  faults: counted(FAULTS),
  scenarios: counted(MIX.map(({ scenario }) => scenario)),
});
const missingOf = (happened: ReturnType<typeof everything>) => findMissing(happened as Happened);

describe('findMissing', () => {
  test('nothing is missing when every kind happened', () => expect(missingOf(everything())).toEqual([]));

  const kinds = Object.entries(everything()).flatMap(([kind, counts]) =>
    [...counts.keys()].map((name) => [kind as keyof Happened, name] as const),
  );
  test.each(kinds)('%s: %s is missed when it never happened', (kind, name) => {
    const happened = everything();
    happened[kind].set(name, 0);
    const missing = missingOf(happened);
    expect(missing).toHaveLength(1);
    expect(missing[0]).toContain(name);
  });
});

describe('judge', () => {
  const final = (outcome: string | null): ProductView => ({
    ...{ clientOrderId: 'X', state: outcome ?? 'needs_review', outcome, attention: null },
    ...{ orderId: null, actualAmount: null },
  });
  const good: Ending = {
    ...{ findings: [], forgeriesTaken: 0, resetSenders: [], ownEnds: 0, limited: { mostMinor: 100n, capMinor: 100n } },
    product: [final('approved'), final('declined'), final('approved'), final('rejected'), final(null)],
  };
  const finding = (defect: Finding['defect']): Finding => ({ defect, clientOrderId: 'X', detail: '' });

  test('a run without findings in which all was tried has passed', () => expect(judge(good)).toEqual([]));
  test.each(['lost', 'paid_twice', 'wrong_final', 'stuck'] as const)('one %s fails it', (defect) =>
    expect(judge({ ...good, findings: [finding(defect)] })).toEqual([`${defect}: 1`]),
  );
  test('what never happened is not what was broken', () => {
    expect(exitCodeOf({ failures: [], missing: [] })).toBe(0);
    expect(exitCodeOf({ failures: [], missing: ['K1 before_bytes'] })).toBe(3);
    expect(exitCodeOf({ failures: ['lost: 1'], missing: ['K1 before_bytes'] })).toBe(1);
  });
  test('a forged callback that was taken fails it', () =>
    expect(judge({ ...good, forgeriesTaken: 2 })).toEqual(['forged callbacks taken: 2']));
  test('a payout that was sent after a reset fails it', () =>
    expect(judge({ ...good, resetSenders: ['X-1'] })).toEqual(['sent after a reset: X-1']));
  test('a cent over the limit fails it', () =>
    expect(judge({ ...good, limited: { mostMinor: 101n, capMinor: 100n } })).toEqual([
      'over the limit: 101 of 100 paid or in doubt',
    ]));
  test('a process that ended by itself fails it', () =>
    expect(judge({ ...good, ownEnds: 1 })).toEqual(['processes that ended by themselves: 1']));
  test('a run that leaves too much to a person proves nothing', () =>
    expect(judge({ ...good, product: [final('approved'), final(null), final(null)] })).toEqual([
      'only 1 of 3 payouts are final',
    ]));
  test('nor does a run without payouts', () =>
    expect(judge({ ...good, product: [] })).toEqual(['only 0 of 0 payouts are final']));
});
