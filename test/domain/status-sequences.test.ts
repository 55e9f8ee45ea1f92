import type { Evidence } from '../../src/domain/evidence';
import { isFinalStatus, type OrderStatus } from '../../src/domain/order-report';
import type { Payout } from '../../src/domain/payout';
import { apply } from '../../src/domain/transitions';
import { makeCallback, makeFollowed, makeReport, START_MS } from './samples';

const WORDS: readonly OrderStatus[] = [
  'processing',
  'unknown',
  'unlisted',
  'approved',
  'declined',
  'filtered',
  'error',
];

/** Every sequence of so many words. */
function sequencesOf(length: number): OrderStatus[][] {
  if (length === 0) return [[]];
  return sequencesOf(length - 1).flatMap((shorter) => WORDS.map((word) => [...shorter, word]));
}

function applyAll(words: readonly OrderStatus[], make: typeof makeReport): Payout {
  const evidence = words.map((status, index): Evidence => {
    return { kind: 'report', report: make({ status }), atMs: START_MS + 4_000 * (index + 1) };
  });
  return evidence.reduce(apply, makeFollowed());
}

const SEQUENCES = sequencesOf(4);

it('four order statuses in any order: the first final stays, and another one after it calls a person', () => {
  let settled = 0;
  for (const words of SEQUENCES) {
    const finals = words.filter(isFinalStatus);
    const { state, settledBy, attention } = applyAll(words, makeReport);
    if (finals[0] === undefined) {
      expect({ words, state, settledBy }).toEqual({ words, state: 'processing', settledBy: null });
      continue;
    }
    settled += 1;
    expect({ words, state, settledBy }).toEqual({ words, state: finals[0], settledBy: 'poll' });
    if (new Set(finals).size > 1) expect({ words, attention }).toEqual({ words, attention: 'conflict' });
  }
  expect([SEQUENCES.length, settled]).toEqual([7 ** 4, 7 ** 4 - 3 ** 4]);
});

it('four callbacks in any order settle nothing while no order status was heard; two different finals call a person', () => {
  for (const words of SEQUENCES) {
    const { settledBy, attention } = applyAll(words, makeCallback);
    const isConflict = new Set(words.filter(isFinalStatus)).size > 1;
    expect({ words, settledBy, isConflict: attention === 'conflict' }).toEqual({ words, settledBy: null, isConflict });
  }
});
