import type { Step } from '../../../src/api/operate/page';
import { foldSteps } from '../../../web/operate/fold.js';

const step = (what: string, fields: Partial<Step> = {}): Step => ({
  ...{ at: '2026-01-05T10:00:00.000Z', source: 'submission', what, state: 'sending' as const, orderId: null },
  ...{ actor: null, reason: null, enteredFrom: null, rule: null },
  ...fields,
});
const [tries, paused] = [step('sending', { source: 'workflow' }), step('not_sent_endpoint_paused')];
const many = (times: number) => Array.from({ length: times }, () => [tries, paused]).flat();

describe('steps that repeat those before them', () => {
  const fold = (steps: readonly Step[]) => foldSteps(steps).map(({ what, folded }) => folded ?? what);
  const pair = ['sending', 'not_sent_endpoint_paused'];

  it.each([
    ['a pause of a day', many(2_880), [...pair, 2_878, ...pair]],
    ['few', many(4), many(4).map(({ what }) => what)],
    ['one step', Array.from({ length: 9 }, () => paused), [paused.what, 7, paused.what]],
    [
      'with another one between them',
      [...many(5), step('accepted'), ...many(5)],
      [...pair, 3, ...pair, 'accepted', ...pair, 3, ...pair],
    ],
    [
      'acts of a person',
      Array.from({ length: 6 }, () => step('note', { actor: 'ann' })),
      Array.from({ length: 6 }, () => 'note'),
    ],
    ['none', [], []],
  ])('%s', (_name, steps, lines) => {
    expect(fold(steps)).toEqual(lines);
  });
});
