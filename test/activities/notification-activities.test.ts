import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Webhook } from 'standardwebhooks';
import { createConcurrencyLimit } from '../../src/activities/concurrency-limit';
import {
  createNotificationActivities,
  type Delivery,
  type NotificationDeps,
} from '../../src/activities/notification-activities';
import type { SubscriberConfig } from '../../src/config/subscriber';
import { NOTIFICATION_TYPES, noticeOf } from '../../src/domain/notification';
import { eventOf } from '../../src/notifications/event';
import type { Attempt, Letter } from '../../src/notifications/sender';
import { CLIENT_ORDER_ID, makePayout, START_MS } from '../domain/samples';

const SECRETS = [`whsec_${'A'.repeat(32)}`, `whsec_${'B'.repeat(32)}`] as const;
const SUBSCRIBER: SubscriberConfig = {
  tenant: 'default',
  ...{ name: 'erp', url: 'https://erp.example.com/', secrets: SECRETS, events: NOTIFICATION_TYPES, endpoints: null },
  allowPrivateAddresses: false,
};
const NOTICE = noticeOf({ state: 'processing', attention: null }, makePayout({ state: 'approved' }));
if (NOTICE === null) throw new Error('expected something to tell');
const DELIVERY: Delivery = { subscriber: 'erp', clientOrderId: CLIENT_ORDER_ID, event: eventOf(NOTICE) };
const SILENT = new DefaultLogger('ERROR', () => undefined);
const HOUR = 3_600_000;

function setUp(options: {
  attempt?: Attempt;
  state?: string | null;
  elapsedMs?: number;
  subscribers?: readonly SubscriberConfig[];
  deps?: Partial<NotificationDeps>;
}) {
  const { attempt = { kind: 'answered', statusCode: 200, retryAfterMs: null }, state = 'approved' } = options;
  const letters: Letter[] = [];
  const store = jest.fn<Promise<void>, [Delivery & { endpoint: string; tenant?: string }]>(async () => undefined);
  const activities = createNotificationActivities({
    subscribers: options.subscribers ?? [SUBSCRIBER],
    store,
    findState: async () => state,
    sender: {
      send: async (letter) => {
        letters.push(letter);
        return attempt;
      },
    },
    limit: createConcurrencyLimit({ each: 1 }),
    now: () => START_MS + (options.elapsedMs ?? 0),
    ...options.deps,
  });
  const environment = new MockActivityEnvironment({ scheduledTimestampMs: START_MS, attempt: 1 }, { logger: SILENT });
  const run = async (activity: (delivery: Delivery) => Promise<string>, delivery: Delivery) => {
    try {
      return { outcome: await environment.run(activity, delivery) };
    } catch (error) {
      return { failure: error as ApplicationFailure };
    }
  };
  const deliver = async (delivery = DELIVERY) => await run(activities.deliver, delivery);
  const findRecorded = async () => await run(activities.findRecorded, DELIVERY);
  return { activities, environment, letters, store, deliver, findRecorded };
}

describe('deliver', () => {
  it('sends the body signed with every secret, verified by the reference library', async () => {
    const { letters, deliver } = setUp({ elapsedMs: Date.now() - START_MS });
    expect(await deliver()).toEqual({ outcome: 'delivered' });
    const [letter] = letters;
    expect(letters).toHaveLength(1);
    expect(letter).toMatchObject({ url: SUBSCRIBER.url, allowPrivate: false });
    for (const secret of SECRETS)
      expect(new Webhook(secret).verify(letter?.body ?? '', { ...letter?.headers })).toEqual(DELIVERY.event.body);
    expect(letter?.headers['webhook-id']).toBe(DELIVERY.event.id);
  });

  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [299, 'delivered'],
    [410, 'gone'],
  ])('%i is %s', async (statusCode, outcome) => {
    const { deliver } = setUp({ attempt: { kind: 'answered', statusCode, retryAfterMs: null } });
    expect(await deliver()).toEqual({ outcome });
  });

  it.each([199, 300, 302, 307, 400, 401, 404, 408, 429, 500, 503])('%i is tried again, quietly', async (statusCode) => {
    const { failure } = await setUp({ attempt: { kind: 'answered', statusCode, retryAfterMs: null } }).deliver();
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      ...{ type: 'NotDelivered', message: `answered ${statusCode}`, nonRetryable: false },
      category: ApplicationFailureCategory.BENIGN,
    });
    expect(failure?.nextRetryDelay).toBeGreaterThanOrEqual(5_000);
    expect(failure?.nextRetryDelay).toBeLessThanOrEqual(6_000);
  });

  it('a name that has gone to another tenant gets nothing of the first', async () => {
    const { deliver, letters } = setUp({ subscribers: [{ ...SUBSCRIBER, tenant: 'markets' }] });
    const event = eventOf({ ...NOTICE, payout: { ...NOTICE.payout, tenant: 'shops' } });
    for (const delivery of [DELIVERY, { ...DELIVERY, event }])
      expect((await deliver(delivery)).failure?.message).toBe('no subscriber of this name is configured');
    expect(letters).toEqual([]);
  });

  it('no answer is tried again, by a constant word', async () => {
    const { failure } = await setUp({ attempt: { kind: 'not_answered', cause: 'timeout' } }).deliver();
    expect(failure?.message).toBe('not answered: timeout');
  });

  it('waits as long as it is asked to', async () => {
    const { failure } = await setUp({ attempt: { kind: 'answered', statusCode: 503, retryAfterMs: 90_000 } }).deliver();
    expect(failure?.nextRetryDelay).toBe(90_000);
  });

  it('the same attempt is followed by the same pause in every process', async () => {
    const attempt = { kind: 'answered', statusCode: 500, retryAfterMs: null } as const;
    const [first, second] = [await setUp({ attempt }).deliver(), await setUp({ attempt }).deliver()];
    expect(first.failure?.nextRetryDelay).toBe(second.failure?.nextRetryDelay);
  });

  it('is dead after 72 h, with a last attempt then', async () => {
    const attempt = { kind: 'answered', statusCode: 500, retryAfterMs: null } as const;
    const { letters, deliver } = setUp({ attempt, elapsedMs: 72 * HOUR });
    expect(await deliver()).toEqual({ outcome: 'dead' });
    expect(letters).toHaveLength(1);
    expect(await setUp({ elapsedMs: 72 * HOUR }).deliver()).toEqual({ outcome: 'delivered' });
  });

  it('a subscriber that is not configured is waited for to the end of 72 h', async () => {
    const { deliver } = setUp({ subscribers: [] });
    expect((await deliver()).failure).toMatchObject({ message: 'no subscriber of this name is configured' });
  });

  it.each([
    [0, 5_000],
    [60_000, 30_000],
    [3_600_000, 600_000],
    [80 * 3_600_000, 600_000],
  ])(
    'a subscriber whose slots are taken gets no request; after %i ms it pauses %i ms',
    async (elapsedMs, nextRetryDelay) => {
      const { letters, deliver } = setUp({ elapsedMs, deps: { limit: createConcurrencyLimit({ each: 0 }) } });
      expect((await deliver()).failure).toMatchObject({ nextRetryDelay });
      expect(letters).toEqual([]);
    },
  );

  it('nothing of the payout, the subscriber’s address or a secret is in a failure', async () => {
    const attempt = { kind: 'not_answered', cause: 'unreachable' } as const;
    const { failure } = await setUp({ attempt }).deliver();
    const text = `${failure?.message} ${failure?.stack} ${JSON.stringify(failure)}`;
    for (const hidden of ['erp.example.com', 'whsec_', CLIENT_ORDER_ID]) expect(text).not.toContain(hidden);
  });
});

describe('findRecorded', () => {
  it('finds a final that the record holds', async () => {
    expect(await setUp({}).findRecorded()).toEqual({ outcome: 'recorded' });
  });

  it.each(['open', 'declined', 'needs_review', 'none'])(
    'a final that the record does not hold (%s) is looked for again, and then given up',
    async (state) => {
      const { failure } = await setUp({ state, elapsedMs: 59_999 }).findRecorded();
      expect(failure).toMatchObject({ nextRetryDelay: 1_000, nonRetryable: false });
      expect(await setUp({ state, elapsedMs: 60_000 }).findRecorded()).toEqual({ outcome: 'not_recorded' });
    },
  );

  it('a payout that does not exist is not delivered, and stays visible', async () => {
    expect((await setUp({ state: null, elapsedMs: 1 }).findRecorded()).failure).toMatchObject({
      nextRetryDelay: 1_000,
    });
    expect(await setUp({ state: null, elapsedMs: 60_000 }).findRecorded()).toEqual({ outcome: 'dead' });
  });
});

describe('storeNotice', () => {
  it('is stored for each subscriber that gets it, as the same event', async () => {
    const subscribers = [
      SUBSCRIBER,
      { ...SUBSCRIBER, name: 'finals', events: ['payout.approved'] as const },
      { ...SUBSCRIBER, name: 'reviews', events: ['payout.needs_review'] as const },
      { ...SUBSCRIBER, name: 'elsewhere', endpoints: ['other'] },
      { ...SUBSCRIBER, name: 'here', endpoints: ['default'] },
    ];
    const { environment, activities, store } = setUp({ subscribers });
    await environment.run(activities.storeNotice, NOTICE);
    expect(store.mock.calls.map(([{ subscriber }]) => subscriber)).toEqual(['erp', 'finals', 'here']);
    for (const [stored] of store.mock.calls) {
      expect(stored.event).toEqual(DELIVERY.event);
      expect(stored).toMatchObject({ clientOrderId: CLIENT_ORDER_ID, endpoint: 'default' });
    }
  });

  it('is stored for subscribers of the payout’s tenant alone', async () => {
    const subscribers = ['default', 'shops', 'markets'].map((tenant) => ({
      ...SUBSCRIBER,
      name: `of-${tenant}`,
      tenant,
    }));
    const { environment, activities, store } = setUp({ subscribers });
    await environment.run(activities.storeNotice, NOTICE);
    await environment.run(activities.storeNotice, { ...NOTICE, payout: { ...NOTICE.payout, tenant: 'shops' } });
    expect(store.mock.calls.map(([{ subscriber, tenant }]) => [subscriber, tenant])).toEqual([
      ['of-default', undefined],
      ['of-shops', 'shops'],
    ]);
  });

  it('fails when one of them was not stored, to be announced again', async () => {
    const store = async () => {
      throw new Error('out of reach');
    };
    const { environment, activities } = setUp({ deps: { store } });
    await expect(environment.run(activities.storeNotice, NOTICE)).rejects.toThrow('out of reach');
  });
});
