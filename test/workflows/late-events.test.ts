import { toClientOrderId } from '../../src/domain/ids';
import { type Acknowledgement, MOST_ACKNOWLEDGEMENTS } from '../../src/domain/late-events';
import type { OrderReport } from '../../src/domain/order-report';
import { type ClosedPayouts, createClosedPayouts, type Kept } from '../../src/store/closed-payouts';
import { createRunReader } from '../../src/store/runs';
import { lateWorkflowId, searchAttributes } from '../../src/workflows/messages';
import { notificationWorkflowId } from '../../src/workflows/notification-messages';
import { play } from './play';
import { calledBack, createScriptedGateway, found, type GatewayScript } from './scripted-gateway';
import { createScriptedSubscriber } from './scripted-subscriber';
import { ENDPOINT, NAMESPACE, type SkippedTime, SUBSCRIBER, startSkippedTime } from './skipped-time';

jest.setTimeout(180_000);

let time: SkippedTime;
let store: ClosedPayouts;
beforeAll(async () => {
  time = await startSkippedTime();
  const call = async <T>(run: (client: SkippedTime['env']['client']) => Promise<T>) => await run(time.env.client);
  const runs = createRunReader({ call, namespace: NAMESPACE });
  store = createClosedPayouts({
    call,
    runs,
    namespace: NAMESPACE,
    dataConverter: time.dataConverter,
    now: time.now,
  });
});
afterAll(async () => await time.close());

const EVENT = { subject: 'post_payout_event', transactionType: 'chargeback' } as const;
const REVERSED = found('approved', { subject: 'post_payout_event', transactionType: 'reversal', isReturn: true });
const SILENT = () => {
  throw new Error('no answer');
};

/** A payout that closed as approved, and callbacks about it. */
async function closedPayout(name: string, { status = () => found('approved') }: GatewayScript = {}) {
  const clientOrderId = toClientOrderId(name);
  const { reading } = await play(time, { name, gateway: () => ({ status: () => found('approved') }), ends: 'closed' });
  const { payout } = reading;
  const input = { ...reading.input, notify: true } as const;
  const gateway = createScriptedGateway({ status }, time.now);
  const subscriber = createScriptedSubscriber({}, time.now);
  time.useGateway(clientOrderId, gateway);
  time.useSubscriber(clientOrderId, subscriber);
  const handle = time.env.client.workflow.getHandle(lateWorkflowId(clientOrderId));
  return {
    handle,
    gateway,
    /** One callback, and nothing more: time is skipped only by who waits for a result. */
    callBack: async (report: OrderReport, endpoint = ENDPOINT): Promise<Kept> =>
      await store.keepLate({ payout, input }, { endpoint, report }),
    acknowledge: async (acknowledgement: Acknowledgement) =>
      await store.acknowledge({ payout, input }, acknowledgement),
    acknowledgedAt: async () => (await handle.describe()).typedSearchAttributes.get(searchAttributes.acknowledgedAt),
    read: async () => await store.readLateEvents(payout),
    mark: async () => (await handle.describe()).typedSearchAttributes.get(searchAttributes.outcome) ?? null,
    attention: async () => (await handle.describe()).typedSearchAttributes.get(searchAttributes.attention) ?? null,
    delivered: async () => {
      const delivery = time.env.client.workflow.getHandle(notificationWorkflowId(SUBSCRIBER, clientOrderId));
      await delivery.result().catch(() => undefined);
      return subscriber.received.map(({ body }) => [body.type, body.data.attention, body.data.settlement]);
    },
  };
}

describe('an event after the payout', () => {
  it('is shown, raises attention and is notified once the gateway’s own answer says so', async () => {
    const payout = await closedPayout('late-reversal', { status: () => REVERSED });
    expect(await payout.callBack(calledBack('approved', EVENT))).toBe('kept');
    await payout.handle.result();
    expect(await payout.read()).toEqual([
      expect.objectContaining({ what: 'reversal approved', isConfirmed: true, attention: 'post_payout_event' }),
    ]);
    expect(await payout.attention()).toBe('post_payout_event');
    expect(await payout.delivered()).toEqual([['payout.late_event', 'post_payout_event', 'returned']]);
    expect(await payout.mark()).toBe('returned');
    expect(payout.gateway.count('ask')).toBe(1);
  });

  it('that only a callback claims stays a claim: no one is notified, and polling ends', async () => {
    const payout = await closedPayout('late-claimed');
    await payout.callBack(calledBack('approved', EVENT));
    await payout.handle.result();
    expect(await payout.read()).toEqual([
      expect.objectContaining({ what: 'event approved', isConfirmed: false, attention: null }),
    ]);
    expect(await payout.attention()).toBeNull();
    expect(await payout.delivered()).toEqual([]);
    expect(payout.gateway.count('ask')).toBe(15);
  });

  it('is confirmed when the gateway shows it only hours later', async () => {
    const payout = await closedPayout('late-slow', { status: (nth) => (nth < 5 ? found('approved') : REVERSED) });
    await payout.callBack(calledBack('approved', EVENT));
    await payout.handle.result();
    expect(await payout.read()).toEqual([expect.objectContaining({ isConfirmed: true })]);
    expect(payout.gateway.count('ask')).toBe(5);
  });

  it('of a gateway that never answers is claimed, and not lost', async () => {
    const payout = await closedPayout('late-silent', { status: SILENT });
    await payout.callBack(calledBack('approved', EVENT));
    await payout.handle.result();
    expect(await payout.read()).toEqual([expect.objectContaining({ isConfirmed: false })]);
  });

  it('comes after another one: both are kept over the runs of the workflow, each notified once', async () => {
    let answer = REVERSED;
    const payout = await closedPayout('late-two', { status: () => answer });
    await payout.callBack(calledBack('approved', EVENT));
    await payout.handle.result();
    answer = found('approved', { ...EVENT });
    // At once, for it may be another event; the gateway is asked ten minutes after the last time.
    const before = time.now();
    expect(await payout.callBack(calledBack('approved', EVENT))).toBe('kept');
    await payout.handle.result();
    expect(time.now() - before).toBeGreaterThan(9 * 60_000);
    const whats = (await payout.read()).map(({ what, isConfirmed }) => [what, isConfirmed]);
    expect(whats).toEqual([
      ['reversal approved', true],
      ['chargeback approved', true],
    ]);
    expect(await payout.delivered()).toHaveLength(2);
  });
});

it('a return of a part, and then of the rest, are two marks: each is counted where it was learned', async () => {
  let amount = '4.00';
  const payout = await closedPayout('late-parts', {
    status: () =>
      found('approved', { subject: 'post_payout_event', transactionType: 'refund', isReturn: true, amount }),
  });
  const marks: unknown[] = [];
  for (const next of ['4.00', '6.50', '6.50']) {
    amount = next;
    await payout.callBack(calledBack('approved', EVENT));
    await payout.handle.result();
    marks.push(await payout.mark());
  }
  expect(marks).toEqual(['partially_returned', 'rest_returned', null]);
  expect((await payout.read()).map(({ settlement }) => settlement)).toEqual(['partially_returned', 'returned']);
  expect((await payout.delivered()).map(([, , settlement]) => settlement)).toEqual(['partially_returned', 'returned']);
});

describe('acknowledged', () => {
  const seen = (id: string, reason = 'told the shop') => ({
    ...{ id, actor: 'ann', reason, attention: 'post_payout_event' },
    seen: 1,
  });

  it('it calls for attention no more, once for its id, and says who saw it', async () => {
    const payout = await closedPayout('late-seen', { status: () => REVERSED });
    await payout.callBack(calledBack('approved', EVENT));
    await payout.handle.result();
    for (const id of ['seen-1', 'seen-1']) {
      expect(await payout.acknowledge(seen(id))).toMatchObject({
        acknowledgedBy: expect.objectContaining({ actor: 'ann', reason: 'told the shop' }),
      });
      await payout.handle.result();
    }
    expect(await payout.attention()).toBeNull();
    expect(await payout.acknowledgedAt()).toBeInstanceOf(Date);
    expect((await payout.read()).map(({ what, attention, acknowledged }) => [what, attention, acknowledged])).toEqual([
      ['reversal approved', null, 'post_payout_event'],
      ['acknowledged: post_payout_event', null, undefined],
    ]);
  });

  it('an event after that calls for attention again, and what was acknowledged stays so', async () => {
    let answer = REVERSED;
    const payout = await closedPayout('late-seen-then-another', { status: () => answer });
    await payout.callBack(calledBack('approved', EVENT));
    await payout.handle.result();
    await payout.acknowledge(seen('seen-1'));
    await payout.handle.result();
    answer = found('declined');
    expect(await payout.callBack(calledBack('declined'))).toBe('kept');
    await payout.handle.result();
    expect(await payout.attention()).toBe('conflict');
    expect(await payout.acknowledgedAt()).toBeInstanceOf(Date);
  });

  it('once of two under one key, at the same instant or when it is done', async () => {
    const payout = await closedPayout('late-seen-twice');
    const both = await Promise.all([seen('seen-1'), seen('seen-1', 'told no one')].map(payout.acknowledge));
    expect(both.filter((made) => made === 'id_used')).toHaveLength(1);
    await payout.handle.result();
    const [made, ...others] = await payout.read();
    expect(others).toEqual([]);
    expect(both).toContainEqual(expect.objectContaining({ acknowledgedBy: made?.acknowledgedBy }));
    expect(await payout.acknowledge(seen('seen-1', 'told others'))).toBe('id_used');
  });

  it('the run stays open for one that was sent meanwhile', async () => {
    const payout = await closedPayout('late-seen-at-once');
    await payout.acknowledge(seen('seen-1'));
    const { runId } = await payout.handle.describe();
    await time.env.sleep('10s');
    await payout.acknowledge(seen('seen-2'));
    expect((await payout.handle.describe()).runId).toBe(runId);
    await payout.handle.result();
    expect((await payout.read()).map(({ acknowledgedBy }) => acknowledgedBy?.id)).toEqual(['seen-1', 'seen-2']);
  });

  it('before anything is confirmed it takes nothing from what is confirmed later', async () => {
    const payout = await closedPayout('late-seen-early', {
      status: (nth) => (nth < 3 ? found('approved') : REVERSED),
    });
    await payout.callBack(calledBack('approved', EVENT));
    await time.env.sleep('5s');
    await payout.acknowledge(seen('seen-1'));
    await payout.handle.result();
    expect(await payout.attention()).toBe('post_payout_event');
  });

  it('a payout of which nothing came later is acknowledged too; so often and no more', async () => {
    const payout = await closedPayout('late-seen-alone');
    for (let nth = 0; nth < MOST_ACKNOWLEDGEMENTS; nth += 1) {
      expect(await payout.acknowledge(seen(`seen-${nth}`))).toMatchObject({ isConfirmed: true });
      await payout.handle.result();
    }
    expect(await payout.acknowledge(seen('one-more'))).toBe('full');
    expect(payout.gateway.count('ask')).toBe(0);
  });
});

describe('another final', () => {
  it('is a conflict when the gateway says so too', async () => {
    const payout = await closedPayout('late-conflict', { status: () => found('declined') });
    await payout.callBack(calledBack('declined'));
    await payout.handle.result();
    expect(await payout.attention()).toBe('conflict');
    expect(await payout.delivered()).toEqual([['payout.late_event', 'conflict', 'paid']]);
  });

  it('of another order is asked about by that order’s id', async () => {
    const other = { orderId: '6768789' as OrderReport['orderId'] };
    const payout = await closedPayout('late-other-order', { status: () => found('approved', other) });
    await payout.callBack(calledBack('approved', other));
    await payout.handle.result();
    expect(await payout.attention()).toBe('order_id_mismatch');
    expect(payout.gateway.calls.map(({ orderId }) => orderId)).toEqual(['6768789']);
  });
});

it('what is signed under another type is one record and one history, however often it comes', async () => {
  const payout = await closedPayout('late-flood', { status: () => found('approved') });
  const kept: string[] = [];
  for (let nth = 0; nth < 400; nth += 1)
    kept.push(
      await payout.callBack(calledBack('approved', { ...EVENT, transactionType: `chargeback${' '.repeat(nth)}` })),
    );
  expect(kept.every((word) => word === 'kept' || word === 'repeated')).toBe(true);
  await payout.handle.result();
  expect(await payout.read()).toHaveLength(1);
  expect(await payout.delivered()).toEqual([]);
  expect((await payout.handle.fetchHistory()).events?.length).toBeLessThan(1_000);
});

it.each([
  ['what is not final', calledBack('processing', EVENT), ENDPOINT],
  ['what the payout says itself', calledBack('approved'), ENDPOINT],
])('%s is no event: nothing is started', async (name, report, endpoint) => {
  const payout = await closedPayout(`late-none-${name.length}`);
  expect(await payout.callBack(report, endpoint)).toBe('agrees');
  expect(await payout.read()).toEqual([]);
});
