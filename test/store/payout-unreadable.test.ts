import type { Client } from '@temporalio/client';
import { NO_LATE_EVENTS } from '../../src/domain/late-events';
import { createClosedPayouts } from '../../src/store/closed-payouts';
import { PayoutUnreadable } from '../../src/store/errors';
import { createHistoryReader } from '../../src/store/history-reader';
import { createDataConverter, createEncoder } from '../../src/temporal/data-converter';
import { INPUT, makeApp, makeStore } from '../api/app-harness';
import { CLIENT_ORDER_ID, makePayout } from '../domain/samples';
import { TEST_PAYLOAD_KEYS } from '../support/payload-keys-of-tests';

const OWNER = { namespace: 'default', workflowId: `payout:${CLIENT_ORDER_ID}` };
const sealing = createDataConverter(TEST_PAYLOAD_KEYS);
const seal = createEncoder(sealing, OWNER);
const inClear = createEncoder(createDataConverter(null), OWNER);
type Encode = typeof seal;

/** Reads a history that begins with an input, and perhaps holds a signal. */
async function read(start: { encode: Encode; input: unknown }, signal?: { encode: Encode; value: unknown }) {
  const payloads = await start.encode(start.input === undefined ? [] : [start.input]);
  const events = [
    { eventId: 1, workflowExecutionStartedEventAttributes: { input: { payloads } } },
    ...(signal === undefined
      ? []
      : [
          {
            eventId: 2,
            workflowExecutionSignaledEventAttributes: {
              signalName: 'callback',
              input: { payloads: await signal.encode([signal.value]) },
            },
          },
        ]),
  ];
  const getWorkflowExecutionHistory = async () => ({ history: { events } });
  const client = { workflowService: { getWorkflowExecutionHistory } } as unknown as Client;
  const reader = createHistoryReader({ call: async (run) => await run(client), ...OWNER, dataConverter: sealing });
  return await reader.read(CLIENT_ORDER_ID);
}

it('a history that is sealed with our keys is read', async () => {
  expect((await read({ encode: seal, input: INPUT }))?.payout.state).toBe('accepted');
});

it.each<[string, Parameters<typeof read>]>([
  ['began in clear', [{ encode: inClear, input: INPUT }]],
  [
    'has a signal in clear',
    [
      { encode: seal, input: INPUT },
      { encode: inClear, value: { x: 1 } },
    ],
  ],
  ['began with something else', [{ encode: seal, input: { x: 1 } }]],
  ['began with nothing', [{ encode: seal, input: undefined }]],
])('a history that %s is of a payout that exists: it is not read as none', async (_name, history) => {
  await expect(read(...history)).rejects.toThrow(PayoutUnreadable);
});

it('late events that cannot be read are not read as none', async () => {
  const read = async (encode: Encode) => {
    const [record] = await encode([NO_LATE_EVENTS]);
    const memo = { lateRecord: record ?? {} };
    const run = { isOpen: false, events: 5, bytes: 100, memo, pending: [], tenant: 'default' };
    const runs = { describe: async () => run };
    const call = async () => {
      throw new Error('expected no call');
    };
    const late = createClosedPayouts({ call, runs, namespace: OWNER.namespace, dataConverter: sealing });
    return await late.readLateEvents(makePayout());
  };
  const owner = { namespace: OWNER.namespace, workflowId: `late:${CLIENT_ORDER_ID}` };
  expect(await read(createEncoder(sealing, owner))).toEqual([]);
  await expect(read(inClear)).rejects.toThrow(PayoutUnreadable);
});

it.each([
  ['GET', '/payouts/PO-000001'],
  ['GET', '/payouts/PO-000001?wait=5'],
  ['GET', '/payouts/PO-000001/timeline'],
  ['GET', '/payouts/PO-000001/events'],
  ['POST', '/payouts/PO-000001/check'],
] as const)('%s %s is 503 and says what to do, not 404 and not 500', async (method, url) => {
  const fail = async () => {
    throw new PayoutUnreadable('the payload key k9 is not among the keys');
  };
  const { app, log } = await makeApp({ store: makeStore({ read: fail, readUntil: fail }) });
  const response = await app.inject({ method, url, ...(method === 'POST' ? { payload: { reason: 'seen' } } : {}) });
  expect([response.statusCode, response.json().code]).toEqual([503, 'payout_unreadable']);
  expect(response.json().errors).toEqual([
    { field: 'clientOrderId', expected: expect.stringContaining('docs/runbook/payout_unreadable.md') },
  ]);
  expect(response.body).not.toContain('k9');
  expect(log()).toContain('the payload key k9 is not among the keys');
});
