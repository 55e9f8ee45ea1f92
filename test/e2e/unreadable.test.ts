import { randomBytes } from 'node:crypto';
import { Client, type Connection, Connection as Connections } from '@temporalio/client';
import { describePayout } from '../../scripts/payout-api';
import { createDataConverter } from '../../src/temporal/data-converter';
import { readPayloadKeys } from '../../src/temporal/payload-keys';
import { searchAttributes } from '../../src/workflows/messages';
import { follow } from '../support/payouts';
import { PATIENT, QUICK_TASKS } from '../support/quick';
import { type Stack, startStack } from '../support/stack';

/** A key that neither API nor worker has. */
const RETIRED = readPayloadKeys(`retired:${randomBytes(32).toString('base64')}`);

interface Row {
  readonly clientOrderId: string;
  readonly state: string | null;
  readonly attention: string | null;
  readonly problem: string | null;
}

let stack: Stack;
let connection: Connection;

beforeAll(async () => {
  stack = await startStack({ ...PATIENT, temporalSettings: QUICK_TASKS });
  connection = await Connections.connect({ address: stack.temporalAddress });
  const { namespace } = stack;
  const inClear = new Client({ connection, namespace });
  const withRetiredKey = new Client({ connection, namespace, dataConverter: createDataConverter(RETIRED) });
  await stack.createPayout({ clientOrderId: 'U-approved', digits: '000' });
  for (const id of ['U-signal', 'U-ended']) {
    await stack.createPayout({ clientOrderId: id, digits: '611' });
    await follow(stack, id).until('to be processing', ({ state }) => state === 'processing');
  }
  await follow(stack, 'U-approved').until('to be approved', ({ state }) => state === 'approved');
  await inClear.workflow.getHandle('payout:U-signal').signal('callback', { x: 1 });
  await inClear.workflow.getHandle('payout:U-ended').terminate('by hand');
  await inClear.workflow.start('payout', { workflowId: 'payout:U-clear', taskQueue: 'payouts', args: [{ x: 1 }] });
  await withRetiredKey.workflow.start('payout', {
    workflowId: 'payout:U-retired',
    taskQueue: 'payouts',
    args: [{ x: 1 }],
    memo: { fingerprint: 'x' },
    typedSearchAttributes: [
      { key: searchAttributes.state, value: 'open' },
      { key: searchAttributes.endpoint, value: 'default' },
      { key: searchAttributes.currency, value: 'EUR' },
      { key: searchAttributes.amountMinor, value: 1_050 },
    ],
  });
  await stack.waitFor('all to be visible', async () => {
    const count = await inClear.workflow.count("WorkflowType = 'payout'");
    const ended = await inClear.workflow.count(
      "WorkflowType = 'payout' AND ExecutionStatus IN ('Terminated', 'Completed')",
    );
    return count.count === 5 && ended.count === 2;
  });
}, 240_000);
afterAll(async () => {
  await connection?.close();
  await stack?.stop();
}, 60_000);

const list = async (query = '') => {
  const { status, body } = await stack.request<{ payouts: Row[] }>(`/payouts${query}`);
  return { status, rows: new Map((body.payouts ?? []).map((row) => [row.clientOrderId, row])) };
};

it('a list has them all, and says which cannot be read and which is not followed any more', async () => {
  const { status, rows } = await list();
  expect(status).toBe(200);
  expect([...rows.keys()].sort()).toEqual(['U-approved', 'U-clear', 'U-ended', 'U-retired', 'U-signal']);
  expect(rows.get('U-approved')).toMatchObject({ state: 'approved', attention: null, problem: null });
  expect(rows.get('U-clear')).toMatchObject({ state: null, amount: null, problem: 'unreadable' });
  expect(rows.get('U-retired')).toMatchObject({ state: 'open', amount: '10.50', problem: 'unreadable' });
  expect(rows.get('U-ended')).toMatchObject({ state: 'open', attention: 'not_followed', problem: null });
  expect(rows.get('U-signal')).toMatchObject({ state: 'open' });
});

it('a payout whose workflow cannot go on is said to be stuck', async () => {
  await stack.waitFor(
    'the server to report it',
    async () => (await list()).rows.get('U-signal')?.problem === 'stuck',
    120_000,
  );
}, 130_000);

it.each([
  ['?state=open', ['U-ended', 'U-retired', 'U-signal']],
  ['?attention=any', ['U-ended']],
  ['?attention=not_followed', ['U-ended']],
  ['?attention=outcome_unknown', []],
  ['?outcome=approved', ['U-approved']],
  ['?clientOrderId=U-clear', ['U-clear']],
])('filtered by %s too', async (query, expected) => {
  const { status, rows } = await list(query);
  expect([status, [...rows.keys()].sort()]).toEqual([200, expected]);
});

it('exports, counts and notifications are answered', async () => {
  const csv = await fetch(`${stack.api}/payouts.csv`);
  expect(csv.status).toBe(200);
  expect((await csv.text()).split('\r\n').filter((line) => line.startsWith('U-'))).toHaveLength(5);
  const counts = await stack.request('/payout-counts');
  expect(counts).toMatchObject({ status: 200, body: { open: 3, attention: { not_followed: 1 } } });
  expect((await stack.request('/notifications?state=pending')).status).toBe(200);
  expect((await stack.request('/payouts/U-clear/notifications')).status).toBe(200);
});

it.each(['U-signal', 'U-clear', 'U-retired'])(
  '%s exists and cannot be read: neither unknown nor an error of ours',
  async (id) => {
    for (const url of [`/payouts/${id}`, `/payouts/${id}/timeline`, `/payouts/${id}/events`]) {
      expect(await stack.request(url)).toMatchObject({ status: 503, body: { code: 'payout_unreadable' } });
    }
    const again = await stack.request('/payouts', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(describePayout(id, {})),
    });
    expect(again).toMatchObject({ status: 503, body: { code: 'payout_unreadable' } });
  },
);
