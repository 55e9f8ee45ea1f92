import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { type Child, startChild } from '../../scripts/child';
import { findFreePort } from '../../scripts/ports';
import { type Followed, follow, type PayoutJson, startPayout } from '../support/payouts';
import { QUICK } from '../support/quick';
import { type Stack, startStack } from '../support/stack';

interface Received {
  readonly behaviour: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
interface Event {
  readonly type: string;
  readonly timestamp: string;
  readonly data: PayoutJson;
}
interface Notified {
  readonly id: string;
  readonly events: { id: string; type: string; state: string; attempts: number; problem: string | null }[];
}

/** Each subscriber is named after how it answers. */
const BEHAVIOURS = ['takes', 'fails-first', 'hangs-first', 'hangs', 'gone', 'moved'] as const;
const FINALS = { '000': 'approved', '116': 'declined', '600': 'filtered', '601': 'error', '400': 'rejected' } as const;
const OLDER_SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

describe('a subscriber that is a process of its own gets a webhook when a payout changes', () => {
  let stack: Stack;
  let dir: string;
  let file: string;
  let port: number;
  let subscriber: Child;
  const payouts: { followed: Followed; final: string }[] = [];

  const startSubscriber = async () => {
    subscriber = await startChild({
      ...{ name: 'subscriber', command: process.execPath, cwd: path.join(__dirname, '..', '..') },
      args: ['--import', 'tsx', path.join(__dirname, '..', 'support', 'subscriber.ts'), String(port), file],
      env: { PATH: process.env.PATH },
      log: path.join(dir, 'subscriber.log'),
    });
  };
  const received = (behaviour?: string, clientOrderId?: string) =>
    (existsSync(file) ? readFileSync(file, 'utf8') : '')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Received)
      .map(({ headers, body, ...rest }) => {
        const notified = JSON.parse(body) as Event;
        return { ...rest, headers, body, notified, id: headers['webhook-id'] ?? '' };
      })
      .filter((each) => behaviour === undefined || each.behaviour === behaviour)
      .filter(({ notified }) => clientOrderId === undefined || notified.data.clientOrderId === clientOrderId);
  const typesOf = (behaviour: string, clientOrderId: string) => [
    ...new Map(received(behaviour, clientOrderId).map(({ id, notified }) => [id, notified.type])).values(),
  ];
  const untilDelivered = async (behaviour: string, clientOrderId: string, type: string, timeoutMs = 60_000) =>
    await stack.waitFor(
      `${behaviour} to get ${type} of ${clientOrderId}`,
      async () => (typesOf(behaviour, clientOrderId).includes(type) ? true : null),
      timeoutMs,
    );
  const notifiedOf = async (clientOrderId: string) =>
    (await stack.request<{ notifications: Notified[] }>(`/payouts/${clientOrderId}/notifications`)).body.notifications;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'payouts-notified-'));
    file = path.join(dir, 'received.jsonl');
    port = await findFreePort([], new Set());
    const entries = BEHAVIOURS.map((name) => ({
      ...{ name, url: `http://127.0.0.1:${port}/${name}`, secret: SECRET, olderSecrets: [OLDER_SECRET] },
      allowPrivateAddresses: true,
    }));
    const notificationsFile = path.join(dir, 'notifications.json');
    await writeFile(notificationsFile, JSON.stringify(entries), { mode: 0o600 });
    const product = { ...QUICK.api, NOTIFICATIONS_FILE: notificationsFile };
    stack = await startStack({ ...QUICK, temporal: 'shared', api: product, worker: product });
    await startSubscriber();
  }, 180_000);
  afterAll(async () => {
    await stack?.stop();
    await subscriber?.stop(2_000);
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  test('every final is delivered at least once, under one id, and none contradicts the payout, though the subscriber is killed', async () => {
    for (const [digits, final] of [...Object.entries(FINALS), ...Object.entries(FINALS)])
      payouts.push({ followed: await startPayout(stack, `N-${payouts.length}-${digits}`, digits), final });
    await stack.waitFor('a first delivery', async () => (received('takes').length > 0 ? true : null));
    subscriber.kill('SIGKILL');
    await subscriber.exited;
    // Nothing is delivered now, and one subscriber never answers at all: payouts end all the same.
    for (const { followed, final } of payouts)
      await followed.until(`to be ${final}`, ({ outcome }) => outcome === final);
    await startSubscriber();
    for (const { followed, final } of payouts) {
      await untilDelivered('takes', followed.clientOrderId, `payout.${final}`, 120_000);
      const finals = received('takes', followed.clientOrderId).filter(({ notified }) => notified.data.outcome !== null);
      expect(new Set(finals.map(({ id }) => id)).size).toBe(1);
      expect(new Set(finals.map(({ body }) => body)).size).toBe(1);
      expect(finals.filter(({ notified }) => notified.data.outcome !== final)).toEqual([]);
    }
  }, 240_000);

  test('each is the payout as the API answers it, signed with every secret, and holds no account number', async () => {
    const [first] = payouts;
    if (first === undefined) throw new Error('expected a payout');
    const api = await first.followed.read();
    const [final] = received('takes', first.followed.clientOrderId);
    // The Receiver's link is a key: it is not sent.
    expect(final?.notified.data).toEqual({ ...api, receiverPage: null });
    for (const { body, headers } of received()) {
      for (const secret of [SECRET, OLDER_SECRET])
        expect(new Webhook(secret).verify(body, { ...headers })).toEqual(JSON.parse(body));
      expect(body).not.toMatch(/[0-9]{8,}(?!-)(?=")/);
    }
  });

  test('a redirect is never followed, 410 is final, and a silent subscriber is still being asked', async () => {
    const id = payouts[0]?.followed.clientOrderId ?? '';
    for (const behaviour of ['moved', 'gone', 'hangs'])
      await untilDelivered(behaviour, id, `payout.${payouts[0]?.final}`);
    expect(received('target')).toEqual([]);
    await stack.waitFor('410 to be recorded', async () => {
      const gone = (await notifiedOf(id)).find((each) => each.id === `gone:${id}`);
      return gone?.events.some(({ state }) => state === 'gone') ? true : null;
    });
    const [moved, hangs] = ['moved', 'hangs'].map((name) => `${name}:${id}`);
    // What was taken is recorded a moment after the subscriber has answered.
    await stack.waitFor('the delivery to be recorded', async () => {
      const states = (await notifiedOf(id)).map((each) => [each.id, each.events[0]?.state]);
      expect(states).toEqual(
        expect.arrayContaining([
          [moved, 'pending'],
          [hangs, 'pending'],
          [`takes:${id}`, 'delivered'],
        ]),
      );
      return true;
    });
  }, 90_000);

  test('what is dead is listed, and an operator has it sent again under the same id', async () => {
    const id = payouts[0]?.followed.clientOrderId ?? '';
    const isListed = async () => {
      const { body } = await stack.request<{ notifications: { id: string }[] }>('/notifications?state=dead&limit=100');
      return body.notifications.some((each) => each.id === `gone:${id}`);
    };
    await stack.waitFor('it to be listed', async () => ((await isListed()) ? true : null));
    const before = received('gone', id).length;
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"reason":"it is back"}' };
    expect(await stack.request(`/notifications/gone:${id}/resend`, init)).toMatchObject({ status: 202 });
    await stack.waitFor('it to be sent again', async () => (received('gone', id).length > before ? true : null));
    expect(new Set(received('gone', id).map((each) => each.id)).size).toBe(1);
    expect((await stack.request(`/notifications/takes:${id}/resend`, init)).status).toBe(409);
    expect((await stack.request('/notifications/takes:unknown/resend', init)).status).toBe(404);
  }, 60_000);

  // The server gives a delivery up half a minute later: the next test goes on meanwhile.
  test('a worker is killed between sending and recording', async () => {
    await startPayout(stack, 'N-killed', '000');
    await untilDelivered('hangs-first', 'N-killed', 'payout.approved');
    await stack.kill('worker');
    expect(received('hangs-first', 'N-killed')).toHaveLength(1);
    await stack.start('worker');
  }, 90_000);

  test('a review and what an operator made of it, and a reversal after the end, are delivered in order', async () => {
    const review = await startPayout(stack, 'N-review', '712');
    const reversed = await startPayout(stack, 'N-reversed', '715');
    await review.until('to need review', ({ state }) => state === 'needs_review');
    const resolve = { reason: 'found out', outcome: 'declined', against: 'approved' };
    const headers = { 'content-type': 'application/json' };
    const resolved = { method: 'POST', headers, body: JSON.stringify(resolve) };
    expect(await stack.request('/payouts/N-review/resolve', resolved)).toMatchObject({ status: 200 });
    for (const behaviour of ['takes', 'fails-first']) {
      // Each subscriber has a time of its own.
      await untilDelivered(behaviour, 'N-review', 'payout.declined', 90_000);
      await untilDelivered(behaviour, 'N-reversed', 'payout.late_event', 90_000);
      // The gateway's callback says approved, before or after the operator: after it, it is a late event.
      expect(typesOf(behaviour, 'N-review').slice(0, 2)).toEqual(['payout.needs_review', 'payout.declined']);
      expect(typesOf(behaviour, 'N-reversed')).toEqual(['payout.approved', 'payout.late_event']);
    }
    const late = received('takes', 'N-reversed').at(-1)?.notified.data;
    expect(late).toMatchObject({ outcome: 'approved', attention: 'post_payout_event' });
    const read = await reversed.until('to show it', ({ attention }) => attention === 'post_payout_event');
    expect(read.outcome).toBe('approved');
  }, 180_000);

  test('what a killed worker had sent is sent again under the same id', async () => {
    await stack.waitFor(
      'it to be sent again',
      async () => (received('hangs-first', 'N-killed').length > 1 ? true : null),
      90_000,
    );
    expect(typesOf('hangs-first', 'N-killed')).toEqual(['payout.approved']);
    expect(await follow(stack, 'N-killed').accepted()).toBe(1);
    await stack.waitFor('the delivery to be recorded', async () => {
      const notified = (await notifiedOf('N-killed')).find(({ id }) => id === 'hangs-first:N-killed');
      return notified?.events.every(({ state }) => state === 'delivered') ? true : null;
    });
  }, 180_000);

  test('what was delivered stays recorded when it gets another name', async () => {
    const id = payouts[0]?.followed.clientOrderId ?? '';
    const notificationsFile = path.join(dir, 'notifications.json');
    const entries = readFileSync(notificationsFile, 'utf8').replaceAll('"name":"takes"', '"name":"accounting"');
    await writeFile(notificationsFile, entries, { mode: 0o600 });
    await stack.kill('api', 'SIGTERM');
    await stack.start('api');
    const notified = (await notifiedOf(id)).find((each) => each.id === `takes:${id}`);
    expect(notified?.events.map(({ type, state }) => [type, state])).toEqual([
      [`payout.${payouts[0]?.final}`, 'delivered'],
    ]);
  }, 60_000);
});
