import { type BatchOrder, type BatchRecord, type BatchTerms, OPEN_BATCH, takeProgress } from '../../src/domain/batch';
import {
  isBatchOrder,
  isOrderDone,
  MOST_BATCH_ACTS,
  refuseBatchOrder,
  takeBatchOrder,
} from '../../src/domain/batch-orders';
import {
  countFailed,
  failureOf,
  isBatchProgress,
  NOT_BEGUN,
  passRow,
  type RowFailure,
} from '../../src/domain/batch-progress';
import { START_MS } from './samples';

type Plain = 'pause' | 'resume' | 'cancel' | 'reject';
const TERMS: BatchTerms = { contentHash: 'hash', rows: 3, acceptedAtMs: START_MS };
const order = (action: Plain, id: string = action): BatchOrder => ({ id, action, actor: 'ada', reason: 'asked for' });
const take = (record: BatchRecord, asked: BatchOrder, atMs = 0, terms = TERMS) =>
  takeBatchOrder(record, asked, { terms, atMs });
const refuse = (record: BatchRecord, asked: BatchOrder, terms = TERMS) => refuseBatchOrder(record, asked, terms);
const taken = (record: BatchRecord, ...actions: readonly Plain[]) =>
  actions.reduce((now, action, at) => take(now, order(action, `${at}-${action}`), at), record);

describe('the progress of a batch', () => {
  const TAKEN = 'client_order_id_taken';
  const pass = (...rows: readonly (RowFailure | null)[]) => rows.reduce(passRow, NOT_BEGUN);

  it('counts rows one after another, and puts equal failures of neighbours together', () => {
    const progress = pass(TAKEN, TAKEN, null, TAKEN, 'refused', 'refused', 'refused');
    expect(progress).toEqual({
      next: 8,
      failed: [
        { from: 1, to: 2, why: TAKEN },
        { from: 4, to: 4, why: TAKEN },
        { from: 5, to: 7, why: 'refused' },
      ],
    });
    expect(countFailed(progress)).toBe(6);
    expect([1, 3, 4, 7, 8].map((row) => failureOf(progress, row))).toEqual([TAKEN, null, TAKEN, 'refused', null]);
  });

  it('is a few bytes for a file that is sent again under another id', () => {
    const progress = pass(...Array.from({ length: 10_000 }, () => TAKEN as RowFailure));
    expect(progress.failed).toEqual([{ from: 1, to: 10_000, why: TAKEN }]);
  });

  it('ends the batch when every row is decided, also while it is paused, and never one that is cancelled', () => {
    const all = { next: 4, failed: [] };
    expect(takeProgress(OPEN_BATCH, { next: 3, failed: [] }, 3).state).toBe('running');
    expect(takeProgress(OPEN_BATCH, all, 3).state).toBe('started');
    expect(takeProgress(taken(OPEN_BATCH, 'pause'), all, 3).state).toBe('started');
    expect(takeProgress(taken(OPEN_BATCH, 'cancel'), all, 3).state).toBe('cancelled');
  });
});

describe('an act on a batch', () => {
  it.each([
    [['pause'], 'paused'],
    [['pause', 'resume'], 'running'],
    [['pause', 'cancel'], 'cancelled'],
    [['cancel', 'resume'], 'cancelled'],
    [['resume'], 'running'],
    [['pause', 'pause'], 'paused'],
  ] as const)('%j makes it %s', (actions, state) => {
    expect(taken(OPEN_BATCH, ...actions).state).toBe(state);
  });

  it('is done once for its id, and says who did it', () => {
    const paused = take(OPEN_BATCH, order('pause'), 5);
    expect(paused.acts).toEqual([{ ...order('pause'), atMs: 5 }]);
    const resumed = take(paused, order('resume'), 6);
    expect(take(resumed, order('pause'), 7)).toBe(resumed);
    expect(refuse(resumed, order('pause'))).toBeNull();
  });

  it('under the id of another act is refused, and never taken for done', () => {
    const paused = take(OPEN_BATCH, order('pause', 'k'));
    const others = [
      order('cancel', 'k'),
      { ...order('pause', 'k'), actor: 'bert' },
      { ...order('pause', 'k'), reason: 'other' },
    ];
    for (const other of others) {
      expect([refuse(paused, other), isOrderDone(paused, other)]).toEqual(['id_used', false]);
      expect(take(paused, other)).toBe(paused);
    }
  });

  it('is refused when it makes no sense, with what would', () => {
    const paused = taken(OPEN_BATCH, 'pause');
    expect(refuse(paused, order('pause'))).toBe('not_running');
    expect(refuse(OPEN_BATCH, order('resume'))).toBe('not_paused');
    for (const state of ['started', 'cancelled'] as const)
      for (const action of ['pause', 'resume', 'cancel'] as const)
        expect(refuse({ ...OPEN_BATCH, state }, order(action))).toBe('over');
  });

  it('has a bound; to cancel has none', () => {
    const actions = Array.from({ length: MOST_BATCH_ACTS }, (_, at) =>
      at % 2 === 0 ? ('pause' as const) : ('resume' as const),
    );
    const full = taken(OPEN_BATCH, ...actions);
    expect(full.acts).toHaveLength(MOST_BATCH_ACTS);
    expect(refuse(full, order('pause'))).toBe('many_acts');
    expect(take(full, order('cancel')).state).toBe('cancelled');
  });
});

it.each([
  null,
  1,
  {},
  { ...order('pause'), id: '' },
  { ...order('pause'), action: 'stop' },
  { ...order('pause'), actor: 1 },
])('a signal by hand that holds %j is no act', (value) => expect(isBatchOrder(value)).toBe(false));

it.each([null, 'x', {}, { next: 0, failed: [] }, { next: 1.5, failed: [] }, { next: 1 }])(
  'a heartbeat of %j is none of ours',
  (value) => expect(isBatchProgress(value)).toBe(false),
);

it('what is ours is known', () => {
  expect(isBatchOrder(order('cancel'))).toBe(true);
  expect(isBatchProgress(NOT_BEGUN)).toBe(true);
});
