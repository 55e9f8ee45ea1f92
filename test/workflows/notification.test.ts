import { NOTIFICATION_WORKFLOW_PATHS, type Notified, playNotification } from './play-notification';
import { answered } from './scripted-subscriber';
import { type SkippedTime, startSkippedTime } from './skipped-time';

jest.setTimeout(180_000);

let time: SkippedTime;
const notified = new Map<string, Notified>();
const of = async (name: string) => {
  const path = NOTIFICATION_WORKFLOW_PATHS.find((candidate) => candidate.name === name);
  if (path === undefined) throw new Error(`no path is named ${name}`);
  const known = notified.get(name) ?? (await playNotification(time, path));
  notified.set(name, known);
  return known;
};
beforeAll(async () => {
  time = await startSkippedTime();
});
afterAll(async () => await time.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const outcomesOf = ({ settled }: Notified) => settled.map(({ event, outcome }) => [event.body.type, outcome]);
/** When each attempt was made after the first, in milliseconds. */
const timesOf = ({ subscriber }: Notified) => {
  const [first] = subscriber.received;
  return subscriber.received.map(({ atMs }) => atMs - (first?.atMs ?? 0));
};
/** What lists say of what is dead, and of what a person has seen. */
const DEAD = ['notification_dead', 'notification_dead'];
const SEEN = ['notification_dead', null];
const upsertsOf = ({ history }: Notified) =>
  (history.events ?? []).filter((event) => event.upsertWorkflowSearchAttributesEventAttributes).length;

describe('delivering to a subscriber', () => {
  it('tries again until it is taken, with one id, and then never again', async () => {
    const path = await of('delivered-after-retries');
    expect(path.subscriber.received).toHaveLength(4);
    expect(new Set(path.subscriber.received.map(({ id }) => id)).size).toBe(1);
    expect(outcomesOf(path)).toEqual([['payout.approved', 'delivered']]);
    expect(upsertsOf(path)).toBe(0);
  });

  it('is in order: a later event waits for the earlier one', async () => {
    const path = await of('delivered-in-order');
    expect(path.subscriber.received.map(({ body }) => body.type)).toEqual([
      ...Array.from({ length: 6 }, () => 'payout.approved'),
      'payout.late_event',
      'payout.late_event',
    ]);
    const lates = path.subscriber.received.slice(6).map(({ body }) => body.timestamp);
    expect(lates).toEqual([...lates].sort());
    expect(new Set(path.subscriber.received.map(({ id }) => id)).size).toBe(3);
  });

  it('goes up the backoff to the end of 72 h and no further, without growing the history', async () => {
    const path = await of('never-delivered');
    const times = timesOf(path);
    expect(times).toHaveLength(12);
    const last = times.at(-1) ?? 0;
    expect(last).toBeGreaterThanOrEqual(72 * HOUR - MINUTE);
    expect(last).toBeLessThanOrEqual(72 * HOUR + MINUTE);
    const gaps = times.slice(1).map((atMs, at) => atMs - (times[at] ?? 0));
    expect(gaps[0]).toBeLessThan(10_000);
    for (const [at, gap] of gaps.slice(0, 9).entries()) expect(gaps[at + 1]).toBeGreaterThan(gap * 0.9);
    expect(path.history.events?.length).toBeLessThanOrEqual(22);
  });

  it('what is dead stays open and findable: one change of its search attributes', async () => {
    const path = await of('never-delivered');
    const upsert = path.history.events?.find((event) => event.upsertWorkflowSearchAttributesEventAttributes);
    const fields = upsert?.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields ?? {};
    expect(Object.keys(fields).sort()).toEqual(['PayoutAttention', 'PayoutState']);
    for (const field of Object.values(fields))
      expect(Buffer.from(field.data ?? []).toString()).toContain('notification_dead');
    expect(path.history.events?.some((event) => event.workflowExecutionCompletedEventAttributes)).toBe(false);
  });

  it.each([
    ['dead-and-acknowledged', 'until another event is dead', [DEAD, SEEN, DEAD, SEEN]],
    ['dead-and-seen-in-part', 'once all of it was seen', [DEAD, SEEN]],
  ])('%s calls for no one, %s', async (name, _until, changes) => {
    const path = await of(name);
    const upserts = (path.history.events ?? []).flatMap(({ upsertWorkflowSearchAttributesEventAttributes: upsert }) => {
      const { PayoutState, PayoutAttention } = upsert?.searchAttributes?.indexedFields ?? {};
      const read = (data: Uint8Array | null | undefined) =>
        data?.length ? JSON.parse(Buffer.from(data).toString()) : [];
      return upsert ? [[read(PayoutState?.data), read(PayoutAttention?.data)].flat()] : [];
    });
    expect(upserts).toEqual(changes);
  });

  it('410 ends an event at once, later ones still go out, and an operator can have it sent again', async () => {
    const path = await of('delivered-when-resent');
    expect(path.subscriber.received.map(({ body }) => body.type)).toEqual([
      'payout.approved',
      'payout.late_event',
      'payout.approved',
    ]);
    const [first, , again] = path.subscriber.received;
    expect(again?.id).toBe(first?.id);
    expect(outcomesOf(path)).toEqual([
      ['payout.late_event', 'delivered'],
      ['payout.approved', 'delivered'],
    ]);
    expect(upsertsOf(path)).toBe(2);
  });

  it('a final state that was not recorded is never delivered, and does not block later events', async () => {
    const path = await of('not-delivered-unrecorded');
    expect(path.subscriber.notified()).toEqual(['payout.late_event']);
    expect(outcomesOf(path)).toEqual([
      ['payout.declined', 'not_recorded'],
      ['payout.late_event', 'delivered'],
    ]);
  });

  it('a final state announced again before it was recorded is delivered as recorded', async () => {
    const { subscriber, settled } = await of('delivered-anew');
    expect(subscriber.received.map(({ body }) => body.data.settledBy)).toEqual(['poll']);
    expect(settled).toHaveLength(1);
  });

  it('the same event announced again is delivered once, and a signal that is not an event is ignored', async () => {
    const path = await of('delivered-once');
    expect(path.subscriber.received.map(({ body }) => body.type)).toEqual([
      'payout.approved',
      'payout.approved',
      'payout.late_event',
    ]);
    expect(path.settled).toHaveLength(2);
  });

  it('waits as long as the subscriber asks, within reason', async () => {
    const wishes = [10 * MINUTE, 1_000, 100 * HOUR];
    const path = await playNotification(time, {
      name: 'told-when-asked',
      subscriber: { answer: (nth) => (nth <= 3 ? answered(429, wishes[nth - 1]) : answered(200)) },
      act: async ({ store, final }) => await store(final),
      ends: 'closed',
    });
    const times = timesOf(path);
    const gaps = times.slice(1).map((atMs, at) => Math.round((atMs - (times[at] ?? 0)) / MINUTE));
    expect(gaps[0]).toBe(10);
    expect(gaps[1]).toBeGreaterThanOrEqual(1);
    expect(gaps[1]).toBeLessThan(60);
    expect(gaps[2]).toBe(6 * 60);
  });
});
