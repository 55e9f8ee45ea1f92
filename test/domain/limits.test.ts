import fc from 'fast-check';
import { areLimitOrders } from '../../src/domain/limit-orders';
import { createDating } from '../../src/domain/limit-rules';
import {
  HOLD_VALID_MS,
  type HoldOrder,
  LimitBook,
  type LimitClaim,
  type LimitOrder,
  type LimitUsage,
  type SettleOrder,
} from '../../src/domain/limits';
import { createCalendar } from '../../src/domain/periods';
import { EUR, START_MS } from './samples';

const DAY_MS = 24 * 3_600_000;
const claimOf = (amountMinor: number, fields: Partial<LimitClaim> = {}): LimitClaim => ({
  ...{ tenant: 'default', key: 'daily', rule: 'daily', window: 'day', zone: 'UTC', capMinor: 1_000 },
  ...{ amountMinor, currency: EUR, over: 'wait' },
  ...fields,
});
const hold = (id: string, amountMinor: number, fields: Partial<LimitClaim> = {}, validUntilMs = START_MS + 1e12) =>
  ({ kind: 'hold', id, claims: [claimOf(amountMinor, fields)], validUntilMs }) as const;
const fund = (id: string, amountMinor: number, fields: Partial<LimitClaim> = {}) =>
  ({ ...hold(id, amountMinor, fields), kind: 'fund' }) as const;
type Undated = SettleOrder | (Omit<HoldOrder, 'claims'> & { readonly claims: readonly LimitClaim[] });
const date = createDating();
/** As a worker gives it, whose clock is right. */
const dated = (order: Undated, atMs: number): LimitOrder =>
  order.kind === 'settle' ? order : { ...order, claims: date(order.claims, atMs) };
const apply = (book: LimitBook, order: Undated, atMs: number) => book.apply(dated(order, atMs), atMs);
const settle = (id: string, how: 'commit' | 'release') => ({ kind: 'settle', id, how }) as const;
const run = (book: LimitBook, ...orders: Undated[]) => orders.map((order) => apply(book, order, START_MS).outcome);
const used = (book: LimitBook, atMs = START_MS) =>
  book.usage(atMs).map(({ committedMinor, heldMinor }) => [committedMinor, heldMinor]);

describe('a limit', () => {
  it('takes what fits to the last cent, and nothing beyond it', () => {
    const book = new LimitBook();
    expect(run(book, hold('A', 600), hold('B', 401), hold('C', 400), hold('D', 1))).toEqual([
      ...['held', 'over', 'held', 'over'],
    ]);
    expect(used(book)).toEqual([[0, 1_000]]);
  });

  it('is taken from once for a payout, however often it is asked for', () => {
    const book = new LimitBook();
    expect(run(book, hold('A', 600), hold('A', 600), hold('A', 600))).toEqual(['held', 'held', 'held']);
    expect(used(book)).toEqual([[0, 600]]);
  });

  it('keeps what was paid, frees what was not, and each only once', () => {
    const book = new LimitBook();
    run(book, hold('A', 600), hold('B', 300));
    run(book, settle('A', 'commit'), settle('B', 'release'), settle('A', 'release'), settle('B', 'commit'));
    expect(used(book)).toEqual([[600, 0]]);
  });

  it('a hold that a slow call brings after its end holds nothing', () => {
    const book = new LimitBook();
    run(book, hold('A', 600), settle('A', 'release'), settle('never-held', 'release'));
    expect(run(book, hold('A', 600), hold('never-held', 1))).toEqual(['late', 'late']);
    expect(used(book)).toEqual([[0, 0]]);
    expect(apply(book, hold('B', 600, {}, START_MS - 1), START_MS)).toEqual({ outcome: 'late' });
  });

  it('is known to be settled far longer than a hold can be on its way, and then forgotten', () => {
    const book = new LimitBook();
    run(book, settle('A', 'commit'));
    apply(book, settle('B', 'commit'), START_MS + 4 * HOLD_VALID_MS);
    expect(book.carry(START_MS + 4 * HOLD_VALID_MS).settled).toHaveLength(2);
    expect(book.carry(START_MS + 70_000).settled.map(([id]) => id)).toEqual(['B']);
    // Also where nothing else is settled: what a person has sent again after a reset is held then.
    const quiet = new LimitBook();
    run(quiet, settle('A', 'release'));
    expect([60_000, 60_001].map((ms) => apply(quiet, hold('A', 1), START_MS + ms).outcome)).toEqual(['late', 'held']);
  });

  it('says which rule has no room, what becomes of the payout, and when there is room again', () => {
    const book = new LimitBook();
    const monthly = {
      key: 'monthly',
      rule: 'monthly',
      window: 'month',
      zone: 'Europe/Berlin',
      over: 'refuse',
    } as const;
    const claims = [claimOf(700), claimOf(700, { ...monthly, capMinor: 600 })];
    expect(apply(book, { kind: 'hold', id: 'A', claims, validUntilMs: START_MS }, START_MS)).toEqual({
      ...{ outcome: 'over', rule: 'monthly', over: 'refuse', untilMs: Date.parse('2024-11-30T23:00:00Z') },
    });
    // From all or from none.
    expect(used(book)).toEqual([]);
  });

  it('begins anew with its day, and what was held the day before takes nothing from it', () => {
    const book = new LimitBook();
    run(book, hold('A', 600), hold('B', 400), settle('B', 'commit'));
    const next = START_MS + DAY_MS;
    expect(used(book, next)).toEqual([]);
    expect(apply(book, hold('C', 1_000), next)).toEqual({ outcome: 'held' });
    apply(book, settle('A', 'commit'), next);
    expect(used(book, next)).toEqual([[0, 1_000]]);
    // A clock that is put back opens no day that has passed.
    expect(apply(book, hold('D', 1), START_MS).outcome).toBe('late');
  });

  it('decides by its own clock in which day it is, whatever the clock of who asks says', () => {
    const book = new LimitBook();
    const [today, next] = [START_MS, START_MS + DAY_MS];
    run(book, hold('A', 1_000));
    expect(book.apply(dated(hold('B', 1_000), next), today)).toEqual({ outcome: 'late' });
    expect(book.apply(dated(hold('B', 1_000), today), next)).toEqual({ outcome: 'late' });
    expect(used(book)).toEqual([[0, 1_000]]);
    // Zone data that ends the day later opens no new one before, nor a second one of the same name.
    const [claim] = date([claimOf(1)], today);
    if (claim === undefined) throw new Error('expected a claim');
    const other = { ...claim, beginsAtMs: claim.beginsAtMs - 3_600_000, endsAtMs: claim.endsAtMs + 3_600_000 };
    const orderOf = (dates: typeof claim) => ({ ...hold('C', 1), claims: [dates] });
    expect(book.apply(orderOf(other), today).outcome).toBe('over');
    expect(book.apply(orderOf({ ...other, period: `${claim.period}x` }), today)).toEqual({ outcome: 'late' });
  });

  it('what is held from one day to the next is held in the next one, or not at all', () => {
    const book = new LimitBook();
    const next = START_MS + DAY_MS;
    run(book, hold('A', 600), hold('B', 400));
    expect(apply(book, hold('A', 600), next)).toEqual({ outcome: 'held' });
    expect(used(book, next)).toEqual([[0, 600]]);
    expect(apply(book, hold('B', 401), next).outcome).toBe('over');
    apply(book, settle('B', 'commit'), next);
    expect(used(book, next)).toEqual([[0, 600]]);
  });

  it('without room in the next day, what it holds of the month stays held: it may have been sent', () => {
    const book = new LimitBook();
    const next = START_MS + DAY_MS;
    const inMonth = (id: string, amountMinor: number, fields: Partial<LimitClaim> = {}) => ({
      ...hold(id, amountMinor),
      claims: [
        claimOf(amountMinor, fields),
        claimOf(amountMinor, { key: 'month', rule: 'month', window: 'month', capMinor: 1_500 }),
      ],
    });
    run(book, inMonth('A', 1_000));
    apply(book, hold('B', 1_000), next);
    expect(apply(book, inMonth('A', 1_000), next)).toMatchObject({ outcome: 'over', rule: 'daily' });
    expect(apply(book, inMonth('C', 501, { capMinor: 9_000 }), next)).toMatchObject({ outcome: 'over', rule: 'month' });
    // Its own hold is room for itself.
    expect(apply(book, inMonth('A', 1_000, { capMinor: 2_000 }), next)).toEqual({ outcome: 'held' });
    expect(used(book, next)).toEqual([
      [0, 2_000],
      [0, 1_000],
    ]);
  });

  it('that is lowered takes nothing more until there is room', () => {
    const book = new LimitBook();
    run(book, hold('A', 600));
    expect(run(book, hold('B', 1, { capMinor: 500 }), hold('C', 1))).toEqual(['over', 'held']);
  });

  it('keeps its day under another zone of its own: one rule, two zones are two counters', () => {
    const book = new LimitBook();
    expect(run(book, hold('A', 1_000), hold('B', 1_000, { zone: 'Asia/Tokyo' }))).toEqual(['held', 'held']);
  });
});

describe('the sum of a batch', () => {
  const row = (id: string, amountMinor: number) => hold(id, amountMinor, { fundedBy: 'batch:B' });

  it('is held once; its rows take their part of it, and what they take is counted once', () => {
    const book = new LimitBook();
    expect(run(book, fund('batch:B', 900), fund('batch:B', 900), hold('single', 101))).toEqual([
      ...['held', 'held', 'over'],
    ]);
    expect(run(book, row('B-1', 500), row('B-1', 500), row('B-2', 400))).toEqual(['held', 'held', 'held']);
    expect(used(book)).toEqual([[0, 900]]);
    run(book, settle('B-1', 'commit'), settle('B-2', 'release'));
    expect(used(book)).toEqual([[500, 0]]);
  });

  it('is freed where no row took it, once, and a row that comes later holds for itself', () => {
    const book = new LimitBook();
    run(book, fund('batch:B', 900), row('B-1', 500), settle('batch:B', 'release'), settle('batch:B', 'release'));
    expect(used(book)).toEqual([[0, 500]]);
    expect(run(book, row('B-2', 501), row('B-2', 500), fund('batch:B', 1))).toEqual(['over', 'held', 'late']);
    expect(used(book)).toEqual([[0, 1_000]]);
  });

  it('that has no room holds nothing, of several limits not one', () => {
    const book = new LimitBook();
    const claims = [claimOf(700), claimOf(300, { key: 'cards', rule: 'cards', capMinor: 200 })];
    expect(apply(book, { ...fund('batch:B', 1), claims }, START_MS)).toMatchObject({ outcome: 'over', rule: 'cards' });
    expect(used(book)).toEqual([]);
  });

  it('gives a row no more than is left of it', () => {
    const book = new LimitBook();
    expect(run(book, fund('batch:B', 600), row('B-1', 500), row('B-2', 500), row('B-3', 400))).toEqual([
      ...['held', 'held', 'over', 'held'],
    ]);
    expect(used(book)).toEqual([[0, 1_000]]);
  });

  it('counts in its period; the next one begins without it', () => {
    const book = new LimitBook();
    const next = START_MS + DAY_MS;
    run(book, fund('batch:B', 900), row('B-1', 500));
    expect(apply(book, row('B-2', 400), next)).toEqual({ outcome: 'held' });
    apply(book, settle('batch:B', 'release'), next);
    expect(used(book, next)).toEqual([[0, 400]]);
    run(book, fund('batch:C', 1));
    expect(new LimitBook(book.carry(next)).carry(next)).toEqual(book.carry(next));
  });
});

describe('bounds', () => {
  it('batches are few: one more is asked again', () => {
    const book = new LimitBook();
    let taken = 0;
    while (run(book, fund(`batch:${taken}`, 1))[0] === 'held') taken += 1;
    expect(taken).toBe(200);
    expect(run(book, hold('single', 1), settle('batch:0', 'release'), fund('batch:more', 1))).toEqual([
      ...['held', 'settled', 'held'],
    ]);
  });

  it('open holds are bounded by their size: the next is asked again, until one ends', () => {
    const book = new LimitBook();
    const long = 'x'.repeat(120);
    const claim = { capMinor: 1e9 };
    let taken = 0;
    while (run(book, hold(`${long}${taken}`, 1, claim))[0] === 'held') taken += 1;
    expect(taken).toBeGreaterThan(8_000);
    expect(JSON.stringify(book.carry(START_MS)).length).toBeLessThan(2_000_000);
    expect(run(book, hold('more', 1, claim))).toEqual(['full']);
    expect(run(book, settle(`${long}0`, 'release'), hold('more', 1, claim))).toEqual(['settled', 'held']);
    // What has passed makes room by itself.
    const next = START_MS + DAY_MS;
    expect(apply(book, hold(`${long}next`, 1, claim, next), next).outcome).toBe('full');
    expect(apply(book, hold(`${long}next`, 1, claim, next), next).outcome).toBe('held');
  });

  it('what is remembered of settled ones is bounded', () => {
    const book = new LimitBook();
    for (let nth = 0; nth < 10_000; nth += 1) run(book, settle(`id-${nth}`, 'commit'));
    expect(book.carry(START_MS).settled.length).toBeLessThanOrEqual(6_000);
  });
});

const anyOrder: fc.Arbitrary<{ order: Undated; afterMs: number; isNewRun: boolean }> = fc.record({
  order: fc.oneof(
    fc
      .record({ nth: fc.nat(12), wanted: fc.integer({ min: 1, max: 5 }), both: fc.boolean(), late: fc.nat(9) })
      .map(({ nth, wanted, both, late }) => ({
        kind: 'hold' as const,
        id: `PO-${nth}`,
        // Some are rows of a batch.
        claims: [
          claimOf(wanted * 100, nth % 3 === 0 ? {} : { fundedBy: `batch:${nth % 3}` }),
          ...(both
            ? [
                claimOf(wanted * 100, {
                  ...{ key: 'month', rule: 'month', window: 'month', capMinor: 2_500 },
                  ...(nth % 3 !== 0 && { fundedBy: `batch:${nth % 3}` }),
                }),
              ]
            : []),
        ],
        validUntilMs: late === 0 ? 0 : Number.MAX_SAFE_INTEGER,
      })),
    fc.record({ nth: fc.integer({ min: 1, max: 2 }), day: fc.nat(6), month: fc.nat(9) }).map(({ nth, day, month }) => ({
      kind: 'fund' as const,
      id: `batch:${nth}`,
      claims: [
        claimOf(day * 100),
        claimOf(month * 100, { key: 'month', rule: 'month', window: 'month', capMinor: 2_500 }),
      ],
      validUntilMs: Number.MAX_SAFE_INTEGER,
    })),
    fc
      .tuple(fc.constantFrom('batch:1', 'batch:2'), fc.constant('release' as const))
      .map(([id, how]) => settle(id, how)),
    fc
      .tuple(fc.nat(12), fc.constantFrom('commit' as const, 'release' as const))
      .map(([nth, how]) => settle(`PO-${nth}`, how)),
  ),
  afterMs: fc.oneof({ arbitrary: fc.nat(3_000), weight: 9 }, { arbitrary: fc.nat(2 * DAY_MS), weight: 1 }),
  isNewRun: fc.boolean(),
});

const placeOf = ({ key, window, zone }: Pick<LimitClaim, 'key' | 'window' | 'zone'>, atMs: number) =>
  `${key} ${createCalendar(zone).periodAt(window, atMs).period}`;

/** The same, kept in the plainest way: a list of every hold that was ever taken. */
function createLedger() {
  type Status = 'held' | 'commit' | 'release';
  const holds: { id: string; place: string; untilMs: number; amountMinor: number; status: Status }[] = [];
  const sumOf = (place: string, ...statuses: string[]) =>
    holds
      .filter((hold) => hold.place === place && statuses.includes(hold.status))
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return {
    sumOf,
    /** What a row takes of its batch, the batch has no more: it is a hold of the row from then on. */
    take: (id: string, claims: readonly LimitClaim[], atMs: number) => {
      for (const { key, window, zone, amountMinor, fundedBy } of claims) {
        const place = placeOf({ key, window, zone }, atMs);
        const sum = holds.find((each) => each.id === fundedBy && each.place === place && each.status === 'held');
        if (sum !== undefined && sum.amountMinor >= amountMinor) sum.amountMinor -= amountMinor;
        const untilMs = createCalendar(zone).periodAt(window, atMs).endsAtMs;
        holds.push({ id, amountMinor, status: 'held', untilMs, place });
      }
    },
    /** A batch holds in a period whether or not anything is left of it. */
    holdsAny: (id: string, claims: readonly LimitClaim[], atMs: number) =>
      claims.every((claim) =>
        holds.some((each) => each.id === id && each.status === 'held' && each.place === placeOf(claim, atMs)),
      ),
    /** What a new run does not get: holds of which every period has passed. */
    forget: (atMs: number) => {
      const isPresent = new Set(holds.filter(({ untilMs }) => untilMs > atMs).map(({ id }) => id));
      for (const hold of holds) if (!isPresent.has(hold.id) && hold.status === 'held') hold.status = 'release';
    },
    end: (id: string, how: 'commit' | 'release') => {
      for (const hold of holds) if (hold.id === id && hold.status === 'held') hold.status = how;
    },
    isHeldIn: (id: string, claims: readonly LimitClaim[], atMs: number) => {
      const held = holds.filter((hold) => hold.id === id && hold.status === 'held').map(({ place }) => place);
      return held.join() === claims.map((claim) => placeOf(claim, atMs)).join();
    },
  };
}

it('whatever comes in whatever order: no cap is exceeded, nothing is counted twice, and nothing is freed that was paid', () => {
  fc.assert(
    fc.property(fc.array(anyOrder, { maxLength: 60 }), (steps) => {
      let book = new LimitBook();
      const ledger = createLedger();
      let atMs = START_MS;
      for (const { order, afterMs, isNewRun } of steps) {
        atMs += afterMs;
        if (isNewRun) {
          book = new LimitBook(JSON.parse(JSON.stringify(book.carry(atMs))));
          ledger.forget(atMs);
        }
        const { outcome } = apply(book, order, atMs);
        if (order.kind === 'settle') ledger.end(order.id, order.how);
        else if (order.kind === 'fund') {
          const isSame = ledger.holdsAny(order.id, order.claims, atMs);
          if (!isSame && outcome === 'held') {
            ledger.end(order.id, 'release');
            ledger.take(order.id, order.claims, atMs);
          }
        } else {
          // Asked for in another period, or for other limits: that is what is held from now on, if there is room.
          const isSame = ledger.isHeldIn(order.id, order.claims, atMs);
          if (!isSame && outcome === 'held') {
            ledger.end(order.id, 'release');
            ledger.take(order.id, order.claims, atMs);
          }
        }
        for (const { key, period, capMinor, committedMinor, heldMinor } of book.usage(atMs) as LimitUsage[]) {
          const place = `${key} ${period}`;
          expect([committedMinor, heldMinor]).toEqual([ledger.sumOf(place, 'commit'), ledger.sumOf(place, 'held')]);
          expect(committedMinor + heldMinor).toBeLessThanOrEqual(capMinor);
        }
      }
    }),
  );
});

const holdA = { ...hold('A', 1), claims: date([claimOf(1)], START_MS) };

it.each<[string, unknown]>([
  ['nothing', null],
  ['no orders', []],
  ['no id', [settle('', 'commit')]],
  ['another end', [{ ...settle('A', 'commit'), how: 'forget' }]],
  ['another kind', [{ kind: 'query', id: 'A' }]],
  ['no claims', [{ ...holdA, claims: [] }]],
  ['a negative amount', [dated(hold('A', -1), START_MS)]],
  ['a part of a cent', [dated(hold('A', 0.5), START_MS)]],
  ['an amount beyond what is exact', [dated(hold('A', 2 ** 53), START_MS)]],
  ['two amounts', [{ ...holdA, claims: date([claimOf(1), claimOf(2, { key: 'other' })], START_MS) }]],
  ['a batch that is no text', [dated(hold('A', 1, { fundedBy: '' }), START_MS)]],
  ['no zone', [{ ...holdA, claims: [{ ...holdA.claims[0], zone: '' }] }]],
  ['no period', [hold('A', 1)]],
  ['another window', [{ ...holdA, claims: [{ ...holdA.claims[0], window: 'year' }] }]],
  ['no time', [{ ...holdA, validUntilMs: 'soon' }]],
])('%s is no list of orders', (_what, value) => {
  expect(areLimitOrders(value)).toBe(false);
});

it('orders are orders', () => {
  const sums = dated({ ...fund('batch:B', 1), claims: [claimOf(1), claimOf(2, { key: 'other' })] }, START_MS);
  expect(areLimitOrders([holdA, settle('A', 'commit'), sums])).toBe(true);
});
