import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { parse } from 'yaml';
import { ensureDemoKeys } from '../../../scripts/demo-keys';
import { findFreePort } from '../../../scripts/ports';
import { projectRoot } from '../../../scripts/project';
import { listenOnLoopback } from '../../support/listen';
import { follow } from '../../support/payouts';
import { PATIENT, QUICK_TASKS, withProduct } from '../../support/quick';
import { sendCallback } from '../../support/signed-callbacks';
import { type Stack, startStack } from '../../support/stack';
import { DEPLOYED, type Watch, watchStack } from './watch';

/** A way to the gateway on which its clock is five minutes fast. */
async function openSkewedWay(gateway: () => string) {
  const server = createServer((asked, reply) => {
    const { method, headers, url } = asked;
    const sent = request(`${new URL(gateway()).origin}${url}`, { method, headers }, (answer) => {
      const date = new Date(Date.now() + 300_000).toUTCString();
      reply.writeHead(answer.statusCode ?? 502, { ...answer.headers, date });
      answer.pipe(reply);
    });
    sent.on('error', () => reply.destroy());
    asked.pipe(sent);
  });
  const port = await listenOnLoopback(server);
  return { url: `http://127.0.0.1:${port}/paynet`, close: () => server.close() };
}

interface Trouble {
  readonly make: (stack: Stack) => Promise<unknown>;
  readonly alerts: readonly string[];
}

const UNKEYED = { controlKey: 'a-wrong-control-key-of-thirty-six-ch', orderId: '1' };

/** One after the other, for each makes the next one's alerts impossible to tell from its own. */
const TROUBLES: readonly (readonly [string, Trouble])[] = [
  [
    'payouts that need a person, sends in doubt, a subscriber away, forged callbacks, a wrong key, a fast clock',
    {
      make: async (stack) => {
        const digits = ['712', '601', '500', '500', '500', '500'];
        for (const [nth, scenario] of digits.entries())
          await stack.createPayout({ clientOrderId: `A-${nth}`, digits: scenario });
        for (let nth = 0; nth < 10; nth += 1) {
          const parts = { status: 'approved', orderId: '1', clientOrderId: `F-${nth}` };
          await sendCallback(stack.api, parts, UNKEYED);
        }
      },
      alerts: [
        ...[
          'PayoutNeedsPersonNow',
          'PayoutNeedsPerson',
          'PersonWaitedForTooLong',
          'NotificationsPileUp',
          'SendsInDoubt',
        ],
        ...['CallbacksRefused', 'ControlKeyUnproven', 'ClocksDiffer'],
      ],
    },
  ],
  [
    'a signal without encryption',
    {
      make: async (stack) => {
        await stack.createPayout({ clientOrderId: 'A-stuck', digits: '611' });
        await follow(stack, 'A-stuck').until('to be processing', ({ state }) => state === 'processing');
        const connection = await Connection.connect({ address: stack.temporalAddress });
        const client = new Client({ connection, namespace: stack.namespace });
        await client.workflow.getHandle('payout:A-stuck').signal('callback', { x: 1 });
        await connection.close();
      },
      alerts: ['WorkflowsAreStuck'],
    },
  ],
  [
    'the gateway is down',
    {
      make: async (stack) => {
        await stack.kill('simulator');
        for (let nth = 0; nth < 8; nth += 1) await stack.createPayout({ clientOrderId: `A-down-${nth}` });
      },
      alerts: ['GatewayTrouble', 'EndpointPaused', 'GatewayCallsFail', 'NothingIsSettled'],
    },
  ],
  [
    'Temporal is frozen',
    {
      make: async (stack) => {
        await stack.kill('temporal', 'SIGSTOP');
        const { controlKey } = ensureDemoKeys(path.join(stack.dir, 'keys'));
        const calls = Array.from({ length: 12 }, (_, nth) => {
          const parts = { status: 'approved', orderId: '1', clientOrderId: `T-${nth}` };
          return sendCallback(stack.api, parts, { controlKey });
        });
        await Promise.all(calls);
      },
      alerts: ['TemporalRefuses', 'CallbacksNotStored', 'CountsAreOld'],
    },
  ],
  ['a worker is gone', { make: async (stack) => await stack.kill('worker'), alerts: ['ProcessDown'] }],
];

/** Each alert is to fire within this long of its trouble. */
const WITHIN_MS = 120_000;

/** Makes each trouble on a running stack and waits until a real Prometheus fires its alerts. @returns the exit code */
export async function fireAll(print: (line: string) => void): Promise<number> {
  const rules = readFileSync(path.join(DEPLOYED, 'alerts.yml'), 'utf8');
  const { groups } = parse(rules) as { groups: { rules: { alert: string }[] }[] };
  const names = groups.flatMap((group) => group.rules.map(({ alert }) => alert));
  let gateway = '';
  const way = await openSkewedWay(() => gateway);
  const nobody = await findFreePort([], new Set());
  const product = withProduct(PATIENT, { GATEWAY_TIMEOUT: '2s' });
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const subscriber = { name: 'erp', secret, url: `http://127.0.0.1:${nobody}/`, allowPrivateAddresses: true };
  const folder = path.join(projectRoot, '.data', 'alerts');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const notifications = path.join(folder, 'notifications.json');
  writeFileSync(notifications, JSON.stringify([subscriber]), { mode: 0o600 });
  const stack = await startStack({
    ...withProduct(product, { NOTIFICATIONS_FILE: notifications }),
    ...{ temporal: 'own', temporalSettings: QUICK_TASKS, metrics: true },
    endpoints: ({ gateway: url, keys }) => {
      gateway = url;
      const { login, controlKeyFile, privateKeyFile } = keys;
      const endpoint = { endpointId: 1144, login, controlKeyFile, privateKeyFile, baseUrl: url };
      const { controlKeyFile: _file, ...unkeyed } = endpoint;
      return [
        { ...endpoint, name: 'default' },
        { ...endpoint, name: 'skewed', baseUrl: way.url },
        { ...unkeyed, name: 'wrong', controlKey: UNKEYED.controlKey },
      ];
    },
  });
  const fired = new Map<string, string>();
  let prometheus: Watch | null = null;
  try {
    prometheus = await watchStack(stack);
    for (const [trouble, { make, alerts }] of TROUBLES) {
      print(`\n${trouble}`);
      const sinceMs = Date.now();
      await make(stack);
      const missing = () => alerts.filter((alert) => !fired.has(alert));
      while (missing().length > 0 && Date.now() - sinceMs < WITHIN_MS) {
        for (const { state, labels } of await prometheus.alerts()) {
          const { alertname = '', severity, job: _job, instance: _instance, ...others } = labels;
          if (state !== 'firing' || fired.has(alertname)) continue;
          const after = `${Math.round((Date.now() - sinceMs) / 1_000)} s`;
          fired.set(alertname, after);
          print(
            `  ${alertname.padEnd(24)} ${severity?.padEnd(7)} ${after.padStart(6)}  ${Object.values(others).join(' ')}`,
          );
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      for (const alert of missing()) print(`  ${alert.padEnd(24)} did not fire`);
    }
    const read = await prometheus.metrics();
    const sdk = [
      'temporal_sticky_cache_size',
      'temporal_worker_task_slots_available',
      'temporal_workflow_task_execution_failed',
    ];
    for (const name of sdk.filter((metric) => !read.includes(metric))) print(`  ${name}: was not exposed`);
    const unfired = names.filter((name) => !fired.has(name));
    print(`\n${fired.size} of ${names.length} alerts fired`);
    return unfired.length === 0 ? 0 : 1;
  } finally {
    await prometheus?.stop();
    await stack.stop();
    way.close();
  }
}
