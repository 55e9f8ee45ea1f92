import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listenOnLoopback } from '../../support/listen';
import { follow } from '../../support/payouts';
import { PATIENT, withProduct } from '../../support/quick';
import { startStack } from '../../support/stack';
import { deploy, promote, startWorker, versionEnv } from './deploying';

/** A subscriber that wants nothing, until it does. */
async function openSubscriber() {
  const subscriber = { takes: false, delivered: 0 };
  const server = createServer((_request, reply) => {
    if (subscriber.takes) subscriber.delivered += 1;
    reply.writeHead(subscriber.takes ? 204 : 410).end();
  });
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}/`;
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const entry = { name: 'erp', secret, url, allowPrivateAddresses: true };
  return { subscriber, entry, close: () => server.close() };
}

/**
 * Each command of `npm run deploy` that changes a course, beside what the fault run plays: a ramp is rolled back, a roll-back is repeated,
 * `--to` names a build, and a dead notification is released from the build that it is pinned to. @returns what was not as it should be
 */
export async function runCourses(say: (line: string) => void): Promise<string[]> {
  const wrong: string[] = [];
  const dir = mkdtempSync(path.join(tmpdir(), 'payouts-courses-'));
  const { subscriber, entry, close } = await openSubscriber();
  const file = path.join(dir, 'notifications.json');
  writeFileSync(file, JSON.stringify([entry]), { mode: 0o600 });
  const stack = await startStack(withProduct(PATIENT, { ...versionEnv('1'), NOTIFICATIONS_FILE: file }));
  const workers: { stop: () => Promise<unknown> }[] = [];
  const run = async (args: string, expected: RegExp) => {
    const came = await deploy(stack, ...args.split(' ')).catch((error: Error) => error.message);
    say(`deploy -- ${args}: ${came.trim().replaceAll('\n', '; ')}`);
    if (!expected.test(came)) wrong.push(`${args}: expected ${expected.source}`);
  };
  try {
    await promote(stack, '1');
    await stack.createPayout({ clientOrderId: 'COURSE-1' });
    await follow(stack, 'COURSE-1').until('to be approved', ({ state }) => state === 'approved');
    await stack.waitFor('its notification to be given up', async () => {
      const { body } = await stack.request<{ notifications: unknown[] }>('/notifications?state=dead');
      return body.notifications.length === 1;
    });
    for (const build of ['2', '3']) workers.push(await startWorker(stack, build));
    await stack.waitFor('a ramp', () =>
      deploy(stack, 'ramp', '--percentage', '50', '--build-id', '2').catch(() => null),
    );
    await run('rollback', /^1 takes all payouts again\.$/m);
    await run('rollback', /^1 takes all payouts already/m);
    await run('status', /^1: current/m);
    await promote(stack, '2');
    await promote(stack, '3');
    await run('rollback --to 9', /--to: expected one of/);
    await run('rollback --to 1', /^1 takes all payouts again\.$/m);
    await run('rollback', /^1 takes all payouts already/m);
    await run('rollback --to 1', /^1 takes all payouts already/m);
    await run('status', /^1: current/m);
    await promote(stack, '2');
    await run('status', /^1: 1 workflows need its workers/m);
    await run('release --build-id 2', /--build-id: expected a build that is not current/);
    await run('release --build-id 1', /^No open workflow needs 1 any more\.$/m);
    await stack.kill('worker', 'SIGTERM');
    subscriber.takes = true;
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const body = JSON.stringify({ reason: 'it is back' });
    await stack.request('/notifications/erp:COURSE-1/resend', { ...init, body });
    await stack.waitFor('build 2 to deliver what was released', async () => subscriber.delivered > 0);
    say(`delivered by build 2: ${subscriber.delivered}`);
    return wrong;
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await stack.stop();
    close();
    rmSync(dir, { recursive: true, force: true });
  }
}
