import { findPath } from './paths';
import { NOTIFICATION_PATHS } from './paths-notifications';
import { type Played, play } from './play';
import { expectSound } from './played';
import { type SkippedTime, startSkippedTime } from './skipped-time';

jest.setTimeout(180_000);

let time: SkippedTime;
const played = new Map<string, Played>();
const of = async (name: string) => {
  const known = played.get(name) ?? (await play(time, findPath(name)));
  played.set(name, known);
  return known;
};
beforeAll(async () => {
  time = await startSkippedTime();
});
afterAll(async () => await time.close());

const activitiesOf = ({ history }: Played) =>
  (history.events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? []);

describe('a payout with a subscriber', () => {
  it.each(NOTIFICATION_PATHS)('$name: is sound, and each event is delivered once', async ({ name }) => {
    const path = await of(name);
    await expectSound(path);
    const ids = path.subscriber.received.map(({ id }) => id);
    expect(ids.length).toBe(new Set(ids).size);
    expect(path.subscriber.received.length).toBeGreaterThan(0);
  });

  it.each([
    ['notified-polled', 19],
    ['notified-callback', 19],
  ])('%s: the announcement costs the payout one event', async (name, events) => {
    const path = await of(name);
    expect(path.history.events).toHaveLength(events);
    expect(activitiesOf(path)).not.toContain('storeNotice');
    expect(path.subscriber.notified()).toEqual(['payout.approved']);
  });

  it.each([
    ['notified-receiver-form', ['payout.awaiting_receiver', 'payout.declined']],
    ['notified-review', ['payout.needs_review', 'payout.declined']],
    ['notified-unconfirmed', ['payout.approved']],
    ['notified-later', ['payout.approved']],
    // An event that only a callback claims is not notified.
    ['notified-later-taken', ['payout.approved']],
  ])('%s: is told of in order', async (name, types) => {
    expect((await of(name)).subscriber.notified()).toEqual(types);
  });

  it('what is delivered is the payout as the API returns it, with its final state', async () => {
    for (const { name } of NOTIFICATION_PATHS) {
      const { subscriber, result, reading } = await of(name);
      const finals = subscriber.received.filter(({ body }) => body.data.outcome !== null);
      expect(finals.length).toBeGreaterThan(0);
      for (const { body } of finals) expect(body.data.outcome).toBe(result?.state);
      const [final] = finals;
      expect(final?.body).toMatchObject({ type: `payout.${result?.state}`, version: 1 });
      expect(final?.body.data).toMatchObject({ clientOrderId: reading.payout.clientOrderId, destination: '••••3000' });
    }
  });

  it('an event that Temporal does not store at once is stored later, and the final state stays', async () => {
    const path = await of('notified-later');
    expect(activitiesOf(path)).toContain('storeNotice');
    expect(path.result).toMatchObject({ state: 'approved', settledBy: 'poll' });
  });

  it('what arrives while the final event is stored is not lost', async () => {
    const { result } = await of('notified-later-taken');
    expect(result).toMatchObject({ state: 'approved', attention: null, eventClaim: { status: 'approved' } });
  });
});
