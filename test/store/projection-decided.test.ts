import { isFinalState } from '../../src/domain/payout';
import { projectHistory } from '../../src/store/projection';
import { type HistoryEvent, readRun } from '../../src/store/recorded';
import { createDataConverter, createDecoder } from '../../src/temporal/data-converter';
import { readHistories } from '../workflows/histories';

const decode = createDecoder(createDataConverter(null), { namespace: 'payouts', workflowId: 'payout:PO-000001' });

async function decidedBy(events: readonly HistoryEvent[]) {
  const { recorded } = await readRun(events, decode);
  return projectHistory(recorded)?.decided ?? [];
}

/** The server stores a task's end, what it commanded and the updates it accepted at once: nobody ever reads one without the others. */
function isOfTask(event: HistoryEvent | undefined): boolean {
  if (event?.workflowExecutionUpdateAcceptedEventAttributes) return true;
  if (event?.workflowExecutionUpdateCompletedEventAttributes) return true;
  return Object.values(event ?? {}).some(
    (attributes) =>
      typeof attributes === 'object' && attributes !== null && 'workflowTaskCompletedEventId' in attributes,
  );
}

/** Long ones repeat what short ones show, at the square of the cost. */
const SHORT = readHistories('clear').filter(({ history }) => (history.events ?? []).length <= 50);

it('has histories to look at', () => expect(SHORT.length).toBeGreaterThan(20));

it.each(SHORT)('$name: what was decided once is what later readers find', async ({ history }) => {
  const events = (history.events ?? []) as readonly HistoryEvent[];
  const all = await decidedBy(events);
  expect(all.length).toBeGreaterThan(1);
  let longest = 0;
  for (let count = 1; count <= events.length; count += 1) {
    if (isOfTask(events[count])) continue;
    const decided = await decidedBy(events.slice(0, count));
    expect(decided).toEqual(all.slice(0, decided.length));
    longest = decided.length;
  }
  expect(longest).toBe(all.length);
});

it.each(SHORT)(
  '$name: a final state that was read once is the one that every later reader finds',
  async ({ history }) => {
    const events = (history.events ?? []) as readonly HistoryEvent[];
    const finals: string[] = [];
    for (let count = 1; count <= events.length; count += 1) {
      if (isOfTask(events[count])) continue;
      const { recorded } = await readRun(events.slice(0, count), decode);
      const state = projectHistory(recorded)?.payout.state;
      if (state !== undefined && isFinalState(state)) finals.push(state);
      else expect(finals).toEqual([]);
    }
    expect(new Set(finals).size).toBeLessThanOrEqual(1);
  },
);
