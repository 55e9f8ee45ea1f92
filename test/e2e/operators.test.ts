import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { describePayout } from '../../scripts/payout-api';
import { follow, type PayoutJson, startPayout } from '../support/payouts';
import { QUICK } from '../support/quick';
import { createCaller } from '../support/signed-callbacks';
import { type Stack, startStack } from '../support/stack';
import { verify } from '../support/verify';
import { bundleChanged } from '../workflows/changed-workflow';

const OPEN_PAYOUTS = "WorkflowType = 'payout' AND ExecutionStatus = 'Running'";
type Late = PayoutJson & { lateEvents: { workflowId: string; what: string; confirmed: boolean }[] };

describe('operators, late events and resets on the real system', () => {
  let stack: Stack;
  let connection: Connection;
  const operate = async (id: string, action: string, body: object = {}, key: string = randomUUID()) =>
    await stack.request<PayoutJson & { code?: string; errors?: { expected: string }[] }>(`/payouts/${id}/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ reason: 'asked by the account manager', ...body }),
    });

  beforeAll(async () => {
    // A history is deleted once the queues have noted that its end is done: every second instead of every half minute.
    const temporalSettings = {
      'history.transferProcessorUpdateAckInterval': 1,
      'history.visibilityProcessorUpdateAckInterval': 1,
    };
    stack = await startStack({ ...QUICK, temporal: 'own', temporalSettings });
    connection = await Connection.connect({ address: stack.temporalAddress });
  }, 120_000);
  afterAll(async () => {
    await connection?.close();
    await stack?.stop();
  }, 60_000);

  test('cancel: before the send only, and nothing is sent afterwards', async () => {
    const refused = await startPayout(stack, 'O-cancel', '403');
    await refused.until('to be held back', ({ attention }) => attention === 'gateway_forbids');
    // It is tried again and again, and while it is being sent no one can say that it was not.
    const cancelled = await stack.waitFor('it to be cancelled between two sends', async () => {
      const answer = await operate('O-cancel', 'cancel', {}, 'cancel-1');
      return answer.status === 409 && answer.body.code === 'not_allowed' ? null : answer;
    });
    expect(cancelled).toMatchObject({ status: 200, body: { state: 'cancelled', settledBy: 'operator' } });
    expect(await operate('O-cancel', 'cancel', {}, 'cancel-1')).toMatchObject({
      status: 200,
      body: { state: 'cancelled' },
    });
    expect(await operate('O-cancel', 'cancel')).toMatchObject({ status: 409, body: { code: 'not_allowed' } });
    expect(await refused.accepted()).toBe(0);

    const sent = await startPayout(stack, 'O-too-late', '610');
    await sent.until('to be sent', ({ orderId }) => orderId !== null);
    expect(await operate('O-too-late', 'cancel')).toMatchObject({ status: 409 });
  }, 60_000);

  test('executeAt: it waits for its time, is listed and put off, and is sent once, not before', async () => {
    const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
    const asked = { ...describePayout('O-scheduled'), executeAt: inMs(3_600_000) };
    const send = async () =>
      await stack.request<PayoutJson & { executeAt: string }>('/payouts', {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(asked) },
      });
    expect(await send()).toMatchObject({ status: 202, body: { state: 'scheduled', executeAt: asked.executeAt } });
    const payout = follow(stack, 'O-scheduled');
    await stack.waitFor('it to be listed', async () => {
      const { body } = await stack.request<{ payouts: PayoutJson[] }>('/payouts?state=scheduled');
      return body.payouts.some(({ clientOrderId }) => clientOrderId === 'O-scheduled') || null;
    });
    const executeAt = inMs(3_000);
    expect(await operate('O-scheduled', 'reschedule', { executeAt })).toMatchObject({
      ...{ status: 200, body: { state: 'scheduled', executeAt } },
    });
    expect(await payout.accepted()).toBe(0);
    await payout.until('to be approved', ({ state }) => state === 'approved');
    const due = (await payout.timeline()).find(({ what }) => what === 'due') as { at?: string } | undefined;
    expect(Date.parse(due?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(executeAt));
    expect(await payout.accepted()).toBe(1);
    expect(await send()).toMatchObject({ status: 200, body: { state: 'approved' } });
  }, 60_000);

  test('resolve: what a person found out, with name and reason in the timeline', async () => {
    const payout = await startPayout(stack, 'O-resolve', '712');
    await payout.until('to need review', ({ state }) => state === 'needs_review');
    const contradicts = await operate('O-resolve', 'resolve', { outcome: 'declined' });
    expect(contradicts).toMatchObject({ status: 409, body: { errors: [{ field: 'against' }] } });
    const resolved = await operate('O-resolve', 'resolve', { outcome: 'approved' });
    expect(resolved).toMatchObject({
      status: 200,
      body: { state: 'approved', settledBy: 'operator', attention: null },
    });
    const steps = (await payout.timeline()) as { source: string; actor?: string; reason?: string }[];
    expect(steps.filter(({ source }) => source === 'operator')).toEqual([
      expect.objectContaining({ what: 'resolve_approved', actor: 'local', reason: 'asked by the account manager' }),
    ]);
  }, 60_000);

  test('resend: from review only, after a probe, under the same id', async () => {
    const payout = await startPayout(stack, 'O-resend', '505');
    expect(await operate('O-resend', 'resend')).toMatchObject({ status: 409 });
    await payout.until('to need review', ({ state }) => state === 'needs_review', 60_000);
    expect(await payout.accepted()).toBe(0);
    await stack.control('/force', { clientOrderId: 'O-resend', scenario: 'approved' });
    expect((await operate('O-resend', 'resend')).status).toBe(200);
    await payout.until('to be approved', ({ state }) => state === 'approved');
    expect(await payout.accepted()).toBe(1);
  }, 90_000);

  test('a reversal after the end is a late event of the payout, and its final stays', async () => {
    const payout = await startPayout(stack, 'O-reversal', '715');
    await payout.until('to be approved', ({ state }) => state === 'approved');
    const later = (await payout.until('to call a person', ({ attention }) => attention !== null)) as Late;
    expect(later).toMatchObject({ state: 'approved', outcome: 'approved', attention: 'post_payout_event' });
    expect(later).toMatchObject({ settlement: 'returned' });
    const list = async (settlement: string) => {
      const query = `settlement=${settlement}&clientOrderId=O-reversal`;
      return (await stack.request<{ payouts: { settlement: string }[] }>(`/payouts?${query}`)).body.payouts;
    };
    await stack.waitFor('the list to have the return', async () => (await list('returned')).length === 1);
    expect(await list('returned')).toEqual([expect.objectContaining({ outcome: 'approved', settlement: 'returned' })]);
    expect([await list('paid'), await list('partially_returned')]).toEqual([[], []]);
    const file = await (await fetch(`${stack.api}/payouts.csv?settlement=returned&clientOrderId=O-reversal`)).text();
    expect(file.split('\r\n')[1]).toMatch(/^O-reversal,approved,approved,returned,/);
    await stack.waitFor('the counts to have it', async () => {
      const { body } = await stack.request<{ settlement: unknown }>('/payout-counts');
      return JSON.stringify(body.settlement) === JSON.stringify({ returned: 1, partially_returned: 0 });
    });
    expect(later.lateEvents).toEqual([
      expect.objectContaining({ workflowId: 'late:O-reversal', what: 'reversal approved', confirmed: true }),
    ]);
  }, 60_000);

  test('a contradicting callback after the end that no order status confirms is a claim: shown, without attention', async () => {
    const payout = await startPayout(stack, 'O-conflict');
    const { orderId } = await payout.until('to be approved', ({ state }) => state === 'approved');
    const { answers } = await stack.control<{ answers: { httpStatus: number }[] }>(`/orders/${orderId}/callback`, {
      status: 'declined',
      times: 5,
    });
    expect(answers.map(({ httpStatus }) => httpStatus)).toEqual([200, 200, 200, 200, 200]);
    const later = (await payout.until('to have a late event', (read) => (read as Late).lateEvents.length > 0)) as Late;
    expect(later).toMatchObject({ state: 'approved', attention: null });
    expect(later.lateEvents).toEqual([expect.objectContaining({ what: 'callback declined', confirmed: false })]);
    expect((await payout.timeline()).at(-1)).toMatchObject({
      ...{ what: 'late: callback declined (not confirmed)', state: 'approved' },
    });
  }, 60_000);

  test('a reset to any event, of an open or a finished payout, orders nothing again', async () => {
    const client = new Client({ connection, namespace: stack.namespace, dataConverter: stack.dataConverter });
    const payout = await startPayout(stack, 'O-reset');
    await payout.until('to be approved', ({ state }) => state === 'approved');
    const workflowId = 'payout:O-reset';
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    const points = (events ?? [])
      .filter((event) => event.workflowTaskCompletedEventAttributes)
      .map(({ eventId }) => eventId);
    expect(points.length).toBeGreaterThanOrEqual(3);
    const { runId } = await client.workflow.getHandle(workflowId).describe();
    for (const workflowTaskFinishEventId of points) {
      await client.workflowService.resetWorkflowExecution({
        namespace: stack.namespace,
        workflowExecution: { workflowId, runId },
        reason: 'test',
        requestId: randomUUID(),
        workflowTaskFinishEventId,
      });
      await client.workflow.getHandle(workflowId).result();
      expect(await payout.read()).toMatchObject({ state: 'approved', confirmed: true });
      expect(await payout.accepted()).toBe(1);
    }
  }, 90_000);

  test('an id whose history is gone is found at the gateway, not paid again', async () => {
    const client = new Client({ connection, namespace: stack.namespace, dataConverter: stack.dataConverter });
    const payout = await startPayout(stack, 'O-forgotten');
    await payout.until('to be approved', ({ state }) => state === 'approved');
    const { runId } = await client.workflow.getHandle('payout:O-forgotten').describe();
    await stack.waitFor('its callback to be answered', async () =>
      (await payout.ledger()).some(({ kind, httpStatus }) => kind === 'callback_answer' && httpStatus === 200),
    );
    await client.workflowService.deleteWorkflowExecution({
      namespace: stack.namespace,
      workflowExecution: { workflowId: 'payout:O-forgotten', runId },
    });
    await stack.waitFor(
      'the history to be gone',
      async () => {
        const { status } = await stack.request('/payouts/O-forgotten');
        if (status !== 404) throw new Error(`still ${status}`);
        return true;
      },
      120_000,
    );
    expect((await stack.createPayout({ clientOrderId: 'O-forgotten' })).status).toBe(202);
    const again = await follow(stack, 'O-forgotten').until(
      'to be for a person',
      ({ state }) => state === 'needs_review',
    );
    expect(again).toMatchObject({ attention: 'adopted_unseen', outcome: null });
    expect(await payout.accepted()).toBe(1);
  }, 180_000);

  test('verify replays what is open and closed, finds the payouts that a changed workflow breaks, and writes nothing', async () => {
    const callBack = await createCaller(stack);
    await callBack({ status: 'approved', orderId: '1', clientOrderId: 'O-unmatched' });
    const moving = Array.from({ length: 8 }, (_, nth) =>
      startPayout(stack, `O-moving-${nth}`, nth < 4 ? '611' : '000'),
    );
    // Histories that are being written while they are read are no false alarm.
    expect(await verify(stack, [])).toMatchObject({ code: 0 });
    const followed = (await Promise.all(moving)).slice(0, 4);
    for (const payout of followed) await payout.until('to be processing', ({ state }) => state === 'processing');
    await stack.kill('worker');
    await stack.createPayout({ clientOrderId: 'O-not-taken-up' });
    const client = new Client({ connection, namespace: stack.namespace, dataConverter: stack.dataConverter });
    const readEnds = async () => {
      const runs = [];
      for await (const { workflowId, historyLength } of client.workflow.list()) runs.push([workflowId, historyLength]);
      return runs;
    };
    await stack.waitFor('all to be visible', async () => (await client.workflow.count(OPEN_PAYOUTS)).count >= 6);
    const [before, { count: open }] = [await readEnds(), await client.workflow.count(OPEN_PAYOUTS)];
    const good = await verify(stack, ['--closed', '1000']);
    expect(good.lines.join('\n')).not.toMatch(/BROKEN|UNKNOWN/);
    expect(good.code).toBe(0);
    expect(good.lines).toContain(
      `ok      payout open: ${open - 1} replayed, 0 broken, 1 not taken up yet, 0 unreadable, 0 gone`,
    );
    expect(good.lines).toContain(
      'ok      unmatchedCallback open: 1 replayed, 0 broken, 0 not taken up yet, 0 unreadable, 0 gone',
    );
    expect(good.lines.join('\n')).toMatch(/^ok {6}lateEvents \w+: [1-9]\d* replayed/m);
    const bundle = path.join(stack.dir, 'changed-bundle.js');
    writeFileSync(bundle, await bundleChanged('timer-before-submit'));
    const bad = await verify(stack, ['--closed', '0', '--bundle', bundle]);
    expect(bad.code).toBe(1);
    expect(bad.lines).toContain(
      `BROKEN  payout open: 0 replayed, ${open - 1} broken, 1 not taken up yet, 0 unreadable, 0 gone`,
    );
    expect(bad.lines).toContain(
      'ok      unmatchedCallback open: 1 replayed, 0 broken, 0 not taken up yet, 0 unreadable, 0 gone',
    );
    for (const { clientOrderId } of followed)
      expect(bad.lines.join('\n')).toMatch(new RegExp(`^ {2}payout:${clientOrderId} [\\w-]{36}: .*Timer`, 'mi'));
    expect(await readEnds()).toEqual(before);
    const elsewhere = await verify(stack, [], { TEMPORAL_NAMESPACE: 'nonexist' });
    expect(elsewhere.code).toBe(2);
    const blind = await verify(stack, ['--closed', '0'], { PAYLOAD_KEYS_FILE: '' });
    expect(blind.code).toBe(2);
    expect(blind.lines.join('\n')).toContain('a payload is encrypted, and PAYLOAD_KEYS is not set');
  }, 120_000);
});
