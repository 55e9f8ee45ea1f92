import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils';
import { describePayout } from '../../scripts/payout-api';
import { detailsSignal, returnedSignal } from '../../src/workflows/messages';
import { forward, type HttpProxy, openHttpProxy, type Passage } from '../support/http-proxy';
import { type Followed, follow } from '../support/payouts';
import { QUICK, withProduct } from '../support/quick';
import { type Stack, startStack } from '../support/stack';
import { connectClient } from '../support/temporal-client';

/** The orders are approved and no callback comes: what the product learns, it learns from its own questions. */
const DIGITS = '700';
const SLOW_MS = 8_000;
/** From so many events on the server suggests that a run goes on in a next one. */
const LONG_EVENTS = 60;
const NOT_FOUND = 'type=error\n&error-code=1\n&error-message=Order not found\n';

/** Between the worker and the simulator: takes long over a create call or loses its reply, and shows no order until it may. */
const gateway = { created: new Set<string>(), isHiding: true };
let between: HttpProxy;
let stack: Stack;
let client: Client;

const passage: Passage = async (request) => {
  const clientOrderId = new URLSearchParams(request.body.toString()).get('client_orderid') ?? '';
  const { simulator } = stack.addresses;
  if (!request.target.includes('/payout/')) {
    if (!gateway.isHiding) return await forward(request, simulator);
    const headers = { 'content-type': 'text/html' };
    return { httpStatus: 200, headers, body: Buffer.from(NOT_FOUND), whole: true };
  }
  const reply = await forward(request, simulator);
  gateway.created.add(clientOrderId);
  if (clientOrderId.startsWith('lost')) return null;
  if (clientOrderId.startsWith('slow')) await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  return reply;
};

beforeAll(async () => {
  between = await openHttpProxy(passage);
  const gatewayUrl = `http://127.0.0.1:${between.port}/paynet`;
  const product = {
    GATEWAY_BASE_URL: gatewayUrl,
    GATEWAY_TIMEOUT: '15s',
    UNCONFIRMED_BACKOFF: JSON.stringify({ gaps: ['1s'], every: '1s', until: '10m' }),
    POLL_PLAN: JSON.stringify([{ every: '1s', until: '20m' }]),
  };
  const options = withProduct({ ...QUICK, simulator: { SIMULATOR_PUBLIC_BASE_URL: gatewayUrl } }, product);
  const temporalSettings = { 'limit.historyCount.suggestContinueAsNew': LONG_EVENTS };
  stack = await startStack({ ...options, temporal: 'own', temporalSettings });
  client = await connectClient(stack);
}, 120_000);
afterAll(async () => {
  await client?.connection.close();
  await stack?.stop();
  await between?.close();
}, 60_000);

const workflowIdOf = ({ clientOrderId }: Followed) => `payout:${clientOrderId}`;
const isCreated = ({ clientOrderId }: Followed) => gateway.created.has(clientOrderId);

async function start(clientOrderId: string, isCollecting = false): Promise<Followed> {
  const { destination, ...rest } = describePayout(clientOrderId, { digits: DIGITS });
  const where = isCollecting ? { collect: 'receiver', expiresIn: '1h' } : { destination };
  const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const answer = await stack.request('/payouts', { ...init, body: JSON.stringify({ ...rest, ...where }) });
  expect(answer.status).toBe(202);
  return follow(stack, clientOrderId);
}

const enterDetails = async (payout: Followed) => {
  const { destination, receiver } = describePayout(payout.clientOrderId, { digits: DIGITS });
  const message = { destination, receiver, destinationHash: 'a'.repeat(32) };
  await client.workflow.getHandle(workflowIdOf(payout)).signal(detailsSignal, message as never);
};

/** Has the payout go on in a next run, as one does whose history has grown too long. */
async function continueAsNew(payout: Followed): Promise<void> {
  const handle = client.workflow.getHandle(workflowIdOf(payout));
  const { runId } = await handle.describe();
  await Promise.all(Array.from({ length: LONG_EVENTS }, () => handle.signal(returnedSignal)));
  await stack.waitFor('the next run', async () => (await handle.describe()).runId !== runId || null);
}

type EventId = NonNullable<NonNullable<History['events']>[number]['eventId']>;

/** Every event at which this run can be reset: the started and the completed workflow tasks. */
async function listPoints(payout: Followed): Promise<{ runId: string; points: EventId[] }> {
  const handle = client.workflow.getHandle(workflowIdOf(payout));
  const { runId } = await handle.describe();
  const { events } = await client.workflow.getHandle(workflowIdOf(payout), runId).fetchHistory();
  const points = (events ?? [])
    .filter((event) => event.workflowTaskStartedEventAttributes || event.workflowTaskCompletedEventAttributes)
    .flatMap(({ eventId }) => eventId ?? []);
  return { runId, points };
}

/** False at an event that the server wrote together with the one before: it can be reset to none of them. */
async function reset(payout: Followed, at: { runId: string; eventId: EventId }): Promise<boolean> {
  try {
    await client.workflowService.resetWorkflowExecution({
      namespace: stack.namespace,
      workflowExecution: { workflowId: workflowIdOf(payout), runId: at.runId },
      reason: 'test',
      requestId: randomUUID(),
      workflowTaskFinishEventId: at.eventId,
    });
    return true;
  } catch (error) {
    if (String(error).includes('this event must be at the boundary')) return false;
    throw error;
  }
}

/** Every open call of the payout has been taken up and has ended, and what came of it is recorded. */
const untilQuiet = (payout: Followed) =>
  payout.until('to be in doubt, or followed', ({ state }) => state === 'unconfirmed' || state === 'processing');

interface Kind {
  readonly name: string;
  readonly isCollecting?: boolean;
  readonly prepare?: (payout: Followed) => Promise<void>;
  /** When it is reset. */
  readonly moment: (payout: Followed) => Promise<unknown>;
}

const untilCreated = (payout: Followed) =>
  stack.waitFor(`${payout.clientOrderId} to be sent`, async () => isCreated(payout) || null);

/** A signal during the create call: its workflow task is a point to which the open call belongs, and is taken up anew. */
async function untilTaskInCall(payout: Followed): Promise<void> {
  await untilCreated(payout);
  await client.workflow.getHandle(workflowIdOf(payout)).signal(returnedSignal);
  await stack.waitFor('the signal to be taken up', async () => (await listPoints(payout)).points.length >= 4 || null);
}

const KINDS: readonly Kind[] = [
  { name: 'slow', moment: untilTaskInCall },
  { name: 'followed', moment: (payout) => payout.until('to be followed', ({ orderId }) => orderId !== null) },
  { name: 'lost', moment: (payout) => payout.until('to be in doubt', ({ state }) => state === 'unconfirmed') },
  {
    name: 'asked',
    isCollecting: true,
    prepare: enterDetails,
    moment: (payout) => payout.until('to be followed', ({ orderId }) => orderId !== null),
  },
];
/** More than any of these payouts has events to be reset at. */
const MOST_POINTS = 12;

async function playKind({ name, isCollecting = false, prepare, moment }: Kind): Promise<Followed[]> {
  const begin = async (nth: number) => {
    const payout = await start(`${name}-${nth}`, isCollecting);
    await prepare?.(payout);
    await moment(payout);
    const { runId, points } = await listPoints(payout);
    const eventId = points[nth];
    const isReset = eventId !== undefined && (await reset(payout, { runId, eventId }));
    return { payout, isReset };
  };
  const played = await Promise.all(Array.from({ length: MOST_POINTS }, (_, nth) => begin(nth)));
  // Each point was met by one of them, for there are more payouts than points.
  const reached = played.filter(({ isReset }) => isReset);
  expect(reached.length).toBeGreaterThanOrEqual(2);
  expect(reached.length).toBeLessThan(MOST_POINTS);
  return reached.map(({ payout }) => payout);
}

test('a payout that is reset, at whatever event of whatever run, is never sent by itself again', async () => {
  const continued = await start('slow-continued', true);
  const [many] = await Promise.all([Promise.all(KINDS.map(playKind)), continueAsNew(continued)]);
  await enterDetails(continued);
  await untilCreated(continued);

  // One payout, again and again: each reset of its second run, one of a run that began by a reset, and one of a run that followed that.
  const { runId, points } = await listPoints(continued);
  let resets = 0;
  for (const eventId of points) {
    if (await reset(continued, { runId, eventId })) resets += 1;
    await untilQuiet(continued);
  }
  expect(resets).toBeGreaterThanOrEqual(2);
  const again = await listPoints(continued);
  let isResetAgain = false;
  for (const eventId of again.points) isResetAgain ||= await reset(continued, { runId: again.runId, eventId });
  expect(isResetAgain).toBe(true);
  await untilQuiet(continued);
  await continueAsNew(continued);

  const payouts = [...many.flat(), continued];
  await Promise.all(payouts.map(untilQuiet));
  gateway.isHiding = false;
  for (const payout of payouts) {
    expect(await payout.until('to be approved', ({ state }) => state === 'approved')).toMatchObject({
      confirmed: true,
    });
    expect({ id: payout.clientOrderId, orders: await payout.accepted() }).toEqual({
      id: payout.clientOrderId,
      orders: 1,
    });
  }
}, 240_000);
