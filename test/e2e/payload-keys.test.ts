import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@temporalio/client';
import { makePayloadKey } from '../../scripts/demo-keys';
import { findFreePort } from '../../scripts/ports';
import type { ProgramName } from '../../scripts/stack';
import { findTemporal } from '../../scripts/temporal-bin';
import { joinPatientStack } from '../support/patient-stack';
import { follow, startPayout } from '../support/payouts';
import { createProgram } from '../support/program';
import type { Stack } from '../support/stack';
import { connectClient } from '../support/temporal-client';

const run = promisify(execFile);

/** What a request, an operator and a failure may say that only the product may read. */
const SECRETS = {
  account: '5533441122009988',
  firstName: 'Zwetlana-MARKER',
  lastName: 'Quux-MARKER',
  email: 'marker.person@example.org',
  ipAddress: '203.0.113.77',
  description: 'Description-MARKER',
  bank: 'Bank-MARKER',
  branch: 'Branch-MARKER',
  reason: 'Reason-MARKER',
} as const;

let stack: Stack;
let client: Client;
beforeAll(async () => {
  stack = await joinPatientStack();
  client = await connectClient(stack);
}, 120_000);
afterAll(async () => {
  await client?.connection.close();
  await stack?.stop();
}, 60_000);

const keysFile = () => stack.environment.worker.PAYLOAD_KEYS_FILE ?? '';
const keyId = (entry: string) => entry.split(':')[0];
const isFailedTask = (event: { workflowTaskFailedEventAttributes?: unknown }) =>
  Boolean(event.workflowTaskFailedEventAttributes);

async function failedTasks(clientOrderId: string) {
  const { events } = await client.workflow.getHandle(`payout:${clientOrderId}`).fetchHistory();
  return (events ?? []).filter(isFailedTask).map((event) => event.workflowTaskFailedEventAttributes?.failure);
}
const statusOf = async (clientOrderId: string) =>
  (await client.workflow.getHandle(`payout:${clientOrderId}`).describe()).status.name;
const errorsOf = (name: ProgramName) =>
  readFileSync(path.join(stack.dir, `${name}.log`), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"level":50'));

test('nothing personal is in clear: not in a history, not in the database, not in a log', async () => {
  const body = {
    clientOrderId: 'K-secrets',
    amount: '10.50',
    currency: 'EUR',
    description: SECRETS.description,
    receiver: {
      firstName: SECRETS.firstName,
      lastName: SECRETS.lastName,
      email: SECRETS.email,
      ipAddress: SECRETS.ipAddress,
    },
    // The last digits play a callback that disagrees with the order status.
    destination: {
      type: 'bank_account',
      accountNumber: `${SECRETS.account}0711`,
      bankName: SECRETS.bank,
      bankBranch: SECRETS.branch,
    },
  };
  const json = { 'content-type': 'application/json' };
  const created = await stack.request('/payouts', { method: 'POST', headers: json, body: JSON.stringify(body) });
  expect(created.status).toBe(202);
  const payout = follow(stack, 'K-secrets');
  await payout.until('to need review', ({ state }) => state === 'needs_review');
  const { lastWord } = (await stack.request<{ lastWord: { status: string } }>('/payouts/K-secrets/timeline')).body;
  const against = lastWord.status === 'approved' ? lastWord.status : undefined;
  const resolved = await stack.request('/payouts/K-secrets/resolve', {
    method: 'POST',
    headers: { ...json, 'idempotency-key': randomUUID() },
    body: JSON.stringify({ outcome: 'declined', against, reason: SECRETS.reason }),
  });
  expect(resolved).toMatchObject({ status: 200, body: { state: 'declined' } });
  expect(JSON.stringify(await payout.timeline())).toContain(SECRETS.reason);

  const { path: temporal } = await findTemporal();
  const args = ['workflow', 'show', '-w', 'payout:K-secrets', '-o', 'json', '--address', stack.temporalAddress];
  const { stdout } = await run(temporal, args, { maxBuffer: 1e8 });
  const values = [...stdout.matchAll(/"([A-Za-z0-9+/]{4,}={0,2})"/g)].map(([, text]) => text ?? '');
  const decoded = values.map((text) => Buffer.from(text, 'base64').toString('latin1')).join('\n');
  expect(decoded).toContain('binary/encrypted');
  const files = readdirSync(stack.dir).filter((file) => /^temporal\.db|\.log$/.test(file));
  expect(files).toEqual(expect.arrayContaining(['temporal.db', 'worker.log', 'api.log']));
  const stored = files.map((file) => readFileSync(path.join(stack.dir, file), 'latin1')).join('\n');
  // The id is in clear everywhere: what is searched for would be found.
  expect([stdout.includes('GatewayOrderId'), stored.includes('K-secrets')]).toEqual([true, true]);
  for (const secret of [...Object.values(SECRETS), '0711']) {
    // Four digits are somewhere in base64, in a time or in a whole database by chance.
    const places = secret === '0711' ? { decoded } : { json: stdout, decoded, stored };
    for (const [where, text] of Object.entries(places))
      expect([secret, where, text.includes(secret)]).toEqual([secret, where, false]);
  }
}, 90_000);

test('a key that is gone blocks its payouts, ends none, and they go on when it is back', async () => {
  const old = readFileSync(keysFile(), 'utf8').trim();
  const other = makePayloadKey();
  const open = await startPayout(stack, 'K-gone', '610');
  await open.until('to be processing', ({ state }) => state === 'processing');
  const { orderId } = await open.until('to have an order', (read) => read.orderId !== null);
  await stack.kill('worker', 'SIGTERM');
  writeFileSync(keysFile(), `${other}\n`);
  await stack.start('worker');
  const fresh = await startPayout(stack, 'K-gone-fresh');
  await stack.control(`/orders/${orderId}/callback`, { status: 'approved' });
  for (const id of ['K-gone', 'K-gone-fresh']) {
    const failures = await stack.waitFor(`a task of ${id} to fail`, async () => {
      const failed = await failedTasks(id);
      return failed.length > 0 ? failed : null;
    });
    expect(failures[0]).toMatchObject({
      message: `the payload key ${keyId(old)} is not among the keys`,
      applicationFailureInfo: { type: 'PayloadRefused' },
    });
    expect(await statusOf(id)).toBe('RUNNING');
  }
  // The API still has the key: what is blocked can be read.
  expect(await open.read()).toMatchObject({ outcome: null });
  expect(await fresh.accepted()).toBe(0);
  await stack.waitFor('the worker to say so', () =>
    errorsOf('worker').some((line) => line.includes('is not among the keys')),
  );

  await stack.kill('worker', 'SIGTERM');
  writeFileSync(keysFile(), `${old}\n`);
  await stack.start('worker');
  for (const payout of [open, fresh]) {
    await payout.until('to be approved', ({ state }) => state === 'approved', 90_000);
    expect(await payout.accepted()).toBe(1);
    expect((await payout.requests()).filter(({ route }) => route === 'v4/payout')).toHaveLength(1);
  }
}, 180_000);

test('half of the workers lack the key: every payout is paid once, none is in doubt', async () => {
  // The address of metrics is taken by the worker of the stack.
  const env = { PAYLOAD_KEYS_FILE: path.join(stack.dir, 'other-keys'), METRICS_ADDRESS: '' };
  writeFileSync(env.PAYLOAD_KEYS_FILE, `${makePayloadKey()}\n`);
  const port = await findFreePort([]);
  const keyless = createProgram(stack, { name: 'keyless', program: 'worker', port, env });
  await keyless.start();
  try {
    const payouts = await Promise.all(Array.from({ length: 12 }, (_, nth) => startPayout(stack, `K-half-${nth}`)));
    const isPaid = async () =>
      (await Promise.all(payouts.map((payout) => payout.accepted()))).every((paid) => paid > 0);
    const countApproved = async () =>
      (await Promise.all(payouts.map((payout) => payout.read()))).filter(({ state }) => state === 'approved').length;
    // The rest may be a long while: what a worker without the key takes is taken again later and later.
    await stack.waitFor(
      'all to be paid, half of them approved',
      async () => (await isPaid()) && (await countApproved()) >= 6,
      120_000,
    );
    await keyless.stop();
    let refusedSends = 0;
    for (const payout of payouts) {
      await payout.until('to be approved', ({ state }) => state === 'approved', 120_000);
      expect(await payout.accepted()).toBe(1);
      const steps = (await payout.timeline()).map(({ what }) => what);
      refusedSends += steps.filter((what) => what === 'not_sent_payload_refused').length;
      expect(steps.filter((what) => what.startsWith('unconfirmed'))).toEqual([]);
    }
    expect(refusedSends).toBeGreaterThan(0);
  } finally {
    await keyless.stop();
  }
}, 180_000);

test('a payload in clear blocks a payout and moves nothing; a reset to before it sets the payout free', async () => {
  const payout = await startPayout(stack, 'K-clear', '610');
  const { orderId } = await payout.until('to have an order', (read) => read.orderId !== null);
  const clear = new Client({ connection: client.connection, namespace: stack.namespace });
  const report = { source: 'callback', status: 'approved', statusText: 'approved', subject: 'payout', orderId };
  await clear.workflow.getHandle('payout:K-clear').signal('callback', { endpoint: 'default', report });
  const failures = await stack.waitFor('its task to fail', async () => {
    const failed = await failedTasks('K-clear');
    return failed.length > 0 ? failed : null;
  });
  expect(failures[0]).toMatchObject({ message: 'a payload is not encrypted' });
  expect(await statusOf('K-clear')).toBe('RUNNING');

  const { events } = await client.workflow.getHandle('payout:K-clear').fetchHistory();
  const signalled = (events ?? []).findIndex((event) => event.workflowExecutionSignaledEventAttributes);
  const before = (events ?? []).slice(0, signalled).findLast((event) => event.workflowTaskCompletedEventAttributes);
  await client.workflowService.resetWorkflowExecution({
    namespace: stack.namespace,
    workflowExecution: {
      workflowId: 'payout:K-clear',
      runId: (await client.workflow.getHandle('payout:K-clear').describe()).runId,
    },
    reason: 'test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: before?.eventId ?? null,
    resetReapplyExcludeTypes: [1],
  });
  await payout.until('to be approved', ({ state }) => state === 'approved', 60_000);
  expect(await payout.accepted()).toBe(1);
}, 120_000);
