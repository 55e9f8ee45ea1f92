import { DUE_AFTER_MS, SCHEDULE_ANSWERS } from './paths-schedule';
import type { play } from './play';
import { alarmsOf, statesOf, stepAtMs } from './played';
import { useSkippedTime } from './sound-plays';

const { playSoundly } = useSkippedTime();

const HOUR = 3_600_000;
const sentAtMs = ({ gateway }: Awaited<ReturnType<typeof play>>) => gateway.calls[0]?.atMs ?? 0;

describe('a payout with a time to send it', () => {
  it('is sent then, by a timer for that very millisecond, and nothing is asked before', async () => {
    const played = await playSoundly('scheduled');
    expect(statesOf(played)).toEqual(['scheduled', 'accepted', 'sending', 'processing', 'approved']);
    expect(alarmsOf(played, played.beganAtMs)).toEqual([DUE_AFTER_MS]);
    expect(sentAtMs(played)).toBeGreaterThanOrEqual(played.beganAtMs + DUE_AFTER_MS);
    expect(played.gateway.count('submit')).toBe(1);
  });

  it('costs a timer and two changes of its attributes, and no more', async () => {
    const { history } = await playSoundly('scheduled');
    const upserts = (history.events ?? []).filter((event) => event.upsertWorkflowSearchAttributesEventAttributes);
    expect(upserts).toHaveLength(2);
  });

  it('is cancelled before it, and nothing is sent', async () => {
    const played = await playSoundly('scheduled-cancelled');
    expect(SCHEDULE_ANSWERS['scheduled-cancelled']).toEqual(['cancelled']);
    expect(statesOf(played)).toEqual(['scheduled', 'cancelled']);
    expect(played.gateway.calls).toEqual([]);
  });

  it('is sent at the time that was set last, and the same change twice is one', async () => {
    const played = await playSoundly('rescheduled');
    expect(SCHEDULE_ANSWERS.rescheduled).toEqual(['scheduled', 'scheduled', 'id_used', 'scheduled']);
    expect(alarmsOf(played, played.reading.payout.createdAtMs)).toEqual([DUE_AFTER_MS, 96 * HOUR, 80 * HOUR]);
    expect(sentAtMs(played)).toBeGreaterThanOrEqual(played.beganAtMs + 80 * HOUR);
    expect(played.gateway.count('submit')).toBe(1);
  });

  it('that did not leave may be put off; it is sent again then', async () => {
    const played = await playSoundly('rescheduled-between-sends');
    expect(statesOf(played)).toEqual(expect.arrayContaining(['scheduled', 'approved']));
    const dueAtMs = stepAtMs(played, 'due');
    expect(dueAtMs).toBeGreaterThanOrEqual(played.beganAtMs + 24 * HOUR);
    const [before, after] = [true, false].map(
      (isBefore) =>
        played.gateway.calls.filter(({ what, atMs }) => what === 'submit' && atMs < dueAtMs === isBefore).length,
    );
    expect([before, after]).toEqual([2, 1]);
  });

  it('first asks its Receiver, then waits for the rest of the time', async () => {
    const played = await playSoundly('scheduled-details-entered');
    expect(statesOf(played).slice(0, 3)).toEqual(['awaiting_details', 'scheduled', 'accepted']);
    expect(sentAtMs(played)).toBeGreaterThanOrEqual(played.beganAtMs + DUE_AFTER_MS);
  });
});
