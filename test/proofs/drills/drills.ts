import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { makePayloadKey } from '../../../scripts/demo-keys';
import { describePayout } from '../../../scripts/payout-api';
import { findFreePort } from '../../../scripts/ports';
import { findTemporal } from '../../../scripts/temporal-bin';
import { follow } from '../../support/payouts';
import { createProgram } from '../../support/program';
import { createCaller } from '../../support/signed-callbacks';
import { makeChangedBuild } from '../deploys/changed-build';
import { deploy, promote, versionEnv } from '../deploys/deploying';
import type { Drill } from './drill';

const WORKER = { job: 'payouts-worker' };
const PAYOUT = { workflow_type: 'payout' };

/** A payout that the gateway processes for some time; with other digits, until it is settled there. */
async function openSlow({ stack }: Drill, clientOrderId: string, digits = '610'): Promise<void> {
  await stack.createPayout({ clientOrderId, digits });
  await follow(stack, clientOrderId).until('to be processing', ({ state }) => state === 'processing');
}

async function workerLost(drill: Drill): Promise<void> {
  const { stack } = drill;
  await openSlow(drill, 'DRILL-1');
  await drill.trouble('the worker is killed', () => stack.kill('worker'));
  await drill.metric('up{job="payouts-worker"} == 0');
  await drill.alert('ProcessDown', 'platform', WORKER);
  await drill.noAttention();
  await stack.createPayout({ clientOrderId: 'DRILL-2' });
  await drill.see('a new payout is accepted, and read', async () => (await follow(stack, 'DRILL-2').read()).state);
  await drill.step('platform', /`ProcessDown`: start it again/, () => stack.start('worker'));
  await drill.ends('DRILL-1', 'approved');
  await drill.ends('DRILL-2', 'approved');
  await drill.over('ProcessDown', WORKER);
}

async function temporalDown(drill: Drill): Promise<void> {
  const { stack } = drill;
  await openSlow(drill, 'DRILL-1');
  const callBack = await createCaller(stack);
  await drill.trouble('Temporal is killed', () => stack.kill('temporal'));
  const post = async (clientOrderId: string) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
    return (await stack.request('/payouts', { ...init, body: JSON.stringify(describePayout(clientOrderId)) })).status;
  };
  const refusals: readonly (readonly [string, () => Promise<number>])[] = [
    ['a new payout', () => post('DRILL-2')],
    ['a read', async () => (await stack.request('/payouts/DRILL-1')).status],
    ['a callback', () => callBack({ status: 'approved', orderId: '1', clientOrderId: 'DRILL-1' })],
    ['the queue', async () => (await stack.request('/attention')).status],
    ['GET /health/ready', async () => (await stack.request('/health/ready')).status],
  ];
  for (const [what, ask] of refusals)
    await drill.see(`${what} is answered 503`, async () => ((await ask()) === 503 ? '503' : null));
  await drill.metric('sum(temporal_calls_refused_total) > 0');
  await drill.alert('TemporalRefuses', 'platform');
  await drill.step('platform', /`TemporalRefuses`[^:]*: repair Temporal/, () => stack.start('temporal'));
  await drill.see('the caller repeats the payout', async () => ((await post('DRILL-2')) < 300 ? 'accepted' : null));
  await drill.ends('DRILL-1', 'approved');
  await drill.ends('DRILL-2', 'approved');
  await drill.over('TemporalRefuses');
  await drill.noAttention();
}

async function gatewayDown(drill: Drill): Promise<void> {
  const { stack } = drill;
  await openSlow(drill, 'DRILL-open');
  await drill.trouble('the gateway is killed', () => stack.kill('simulator'));
  const ids = Array.from({ length: 6 }, (_, nth) => `DRILL-${nth}`);
  for (const clientOrderId of ids) await stack.createPayout({ clientOrderId });
  await drill.metric('gateway_breaker_open{endpoint="default"} == 1');
  await drill.alert('EndpointPaused', 'endpoint_paused', { endpoint: 'default' });
  await drill.alert('GatewayCallsFail', 'gateway_unreachable', { endpoint: 'default' });
  await drill.attention('DRILL-0', 'endpoint_paused');
  await drill.alert('GatewayTrouble', 'endpoint_paused', { attention: 'endpoint_paused' });
  await drill.attention('DRILL-open', 'gateway_unreachable');
  await drill.alert('GatewayTrouble', 'gateway_unreachable', { attention: 'gateway_unreachable' });
  await drill.act('endpoint_paused', 'cancel', 'DRILL-5');
  const back = /Wait: sending resumes within a minute after the endpoint is back/;
  await drill.step('endpoint_paused', back, () => stack.start('simulator'));
  await drill.act('gateway_unreachable', 'check', 'DRILL-open');
  for (const clientOrderId of ['DRILL-open', ...ids.slice(0, 5)]) await drill.ends(clientOrderId, 'approved');
  await drill.ends('DRILL-5', 'cancelled', 0);
  await drill.over('EndpointPaused');
  await drill.over('GatewayTrouble');
  await drill.noAttention();
}

async function lostReply(drill: Drill): Promise<void> {
  const { stack } = drill;
  const found = ['DRILL-0', 'DRILL-1', 'DRILL-2', 'DRILL-3'];
  // The gateway takes it, shows it long after a person is asked, and never calls back.
  const settings = { lateMs: 45_000, callbackDelayMs: 3_600_000 };
  await drill.trouble('the replies to five create calls are lost', async () => {
    await stack.control('/force', { clientOrderId: 'DRILL-late', scenario: 'late_acceptance', settings });
    for (const clientOrderId of found) await stack.createPayout({ clientOrderId, digits: '504' });
    await stack.createPayout({ clientOrderId: 'DRILL-late' });
  });
  await drill.metric('sum(gateway_sends_in_doubt_total) >= 5');
  await drill.alert('SendsInDoubt', 'outcome_unknown', { endpoint: 'default' });
  for (const clientOrderId of found) await drill.ends(clientOrderId, 'approved');
  await drill.attention('DRILL-late', 'outcome_unknown');
  await drill.alert('PayoutNeedsPersonNow', 'outcome_unknown', { attention: 'outcome_unknown' });
  await drill.step('outcome_unknown', /Ask the gateway by `clientOrderId`/, () =>
    drill.see('the gateway finds the order', async () => {
      const route = '/orders?clientOrderId=DRILL-late';
      const { orders } = await stack.control<{ orders: { visibleAt: string }[] }>(route);
      return orders.length === 1 && Date.parse(orders[0]?.visibleAt ?? '') < Date.now() ? 'one order' : null;
    }),
  );
  await drill.act('outcome_unknown', 'check', 'DRILL-late');
  await drill.ends('DRILL-late', 'approved');
  await drill.over('PayoutNeedsPersonNow');
  await drill.noAttention();
}

async function keyRotation(drill: Drill): Promise<void> {
  const { stack } = drill;
  const key = makePayloadKey();
  const [keyId = ''] = key.split(':');
  await drill.trouble('the API encrypts with a key that the worker has not loaded', async () => {
    const file = stack.environment.worker.PAYLOAD_KEYS_FILE ?? '';
    writeFileSync(file, `${key}\n${readFileSync(file, 'utf8')}`);
    await stack.kill('api', 'SIGTERM');
    await stack.start('api');
  });
  await stack.createPayout({ clientOrderId: 'DRILL-1' });
  await drill.metric('sum(temporal_workflow_task_execution_failed{workflow_type="payout"}) > 0');
  await drill.alert('WorkflowsAreStuck', 'payout_unreadable', PAYOUT);
  await drill.see('the log of the worker names the missing key', async () =>
    stack.logs('worker').some((line) => line.includes(`the payload key ${keyId} is not among the keys`)) ? keyId : null,
  );
  await drill.step('payout_unreadable', /If a key is missing: put it back into `PAYLOAD_KEYS`/, async () => {
    await stack.kill('worker', 'SIGTERM');
    await stack.start('worker');
  });
  await drill.ends('DRILL-1', 'approved');
  await drill.over('WorkflowsAreStuck', PAYOUT);
  await drill.noAttention();
}

async function badDeploy(drill: Drill, badMetrics: string): Promise<void> {
  const { stack } = drill;
  const root = await makeChangedBuild(stack.dir, 'unguarded-pause');
  const env = { ...versionEnv('2'), METRICS_ADDRESS: badMetrics };
  const port = await findFreePort([], new Set());
  const bad = createProgram(stack, { name: 'worker-2', program: 'worker', port, env, root });
  const open = ['DRILL-0', 'DRILL-1', 'DRILL-2'];
  await promote(stack, '1');
  for (const clientOrderId of open) await openSlow(drill, clientOrderId, '611');
  try {
    await drill.trouble('a build that cannot replay what is open takes all payouts', async () => {
      await bad.start();
      await promote(stack, '2');
    });
    await stack.createPayout({ clientOrderId: 'DRILL-new' });
    for (const clientOrderId of open) await stack.control(`/orders/${clientOrderId}/settle`, { status: 'approved' });
    await drill.metric('sum(temporal_workflow_task_execution_failed{failure_reason="NonDeterminismError"}) > 0');
    await drill.alert('WorkflowsAreStuck', 'payout_unreadable', PAYOUT);
    await drill.see('open payouts stand still', async () => {
      const states = await Promise.all(open.map(async (id) => (await follow(stack, id).read()).outcome));
      return states.includes(null) ? 'so they do' : null;
    });
    await drill.deploy('payout_unreadable', 'rollback');
    const isBack = async () => ((await deploy(stack, 'status')).includes('1: current') ? 'by its status' : null);
    await drill.see('build 1 is current', isBack);
    await deploy(stack, 'rollback');
    await drill.see('build 1 is current after a second rollback', isBack);
    for (const clientOrderId of [...open, 'DRILL-new']) await drill.ends(clientOrderId, 'approved');
    await drill.over('WorkflowsAreStuck', PAYOUT);
    await drill.noAttention();
  } finally {
    await bad.stop();
  }
}

async function reset(drill: Drill): Promise<void> {
  const { stack } = drill;
  await openSlow(drill, 'DRILL-sent');
  await stack.control('/force', { clientOrderId: 'DRILL-unsent', scenario: 'forbidden' });
  await stack.createPayout({ clientOrderId: 'DRILL-unsent' });
  await follow(stack, 'DRILL-unsent').until('to be refused', ({ attention }) => attention === 'gateway_forbids');
  await drill.trouble('both are reset to their first workflow task, all they did is forgotten', async () => {
    const { path } = await findTemporal();
    for (const clientOrderId of ['DRILL-sent', 'DRILL-unsent']) {
      const at = ['--workflow-id', `payout:${clientOrderId}`, '--event-id', '4', '--reason', 'drill'];
      const server = ['--address', stack.temporalAddress, '--namespace', stack.namespace];
      await promisify(execFile)(path, ['workflow', 'reset', ...at, ...server]);
    }
    await stack.control('/force', { clientOrderId: 'DRILL-unsent', scenario: 'approved' });
  });
  await drill.ends('DRILL-sent', 'approved');
  await drill.attention('DRILL-unsent', 'outcome_unknown');
  await drill.metric('max(attention_items{attention="outcome_unknown"}) == 1');
  await drill.alert('PayoutNeedsPersonNow', 'outcome_unknown', { attention: 'outcome_unknown' });
  await drill.see('nothing was sent after the reset', async () =>
    (await follow(stack, 'DRILL-unsent').accepted()) === 0 ? 'no order' : null,
  );
  await drill.act('outcome_unknown', 'resend', 'DRILL-unsent');
  await drill.ends('DRILL-unsent', 'approved');
  await drill.over('PayoutNeedsPersonNow');
  await drill.noAttention();
}

/** Makes its trouble, looks for its signs, takes the steps of the runbook, and sees the trouble end. */
export interface Played {
  readonly play: (drill: Drill, badMetrics: string) => Promise<void>;
  /** More of the environment of API and worker. */
  readonly product?: NodeJS.ProcessEnv;
}

/** Fast polling, which says at its end that nobody answered, ends soon. */
const SOON_SLOW = [
  { every: '1s', until: '6s' },
  { every: '1s', until: '20m' },
];

export const DRILLS = {
  worker_lost: { play: workerLost },
  temporal_down: { play: temporalDown },
  gateway_down: { play: gatewayDown, product: { POLL_PLAN: JSON.stringify(SOON_SLOW) } },
  lost_reply: { play: lostReply },
  key_rotation: { play: keyRotation },
  bad_deploy: { play: badDeploy, product: versionEnv('1') },
  reset: { play: reset },
} as const satisfies Readonly<Record<string, Played>>;
