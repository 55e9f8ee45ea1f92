import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { PATIENT, withProduct } from '../../support/quick';
import { type Stack, startStack } from '../../support/stack';
import { compareRecords, type ProductView } from '../chaos/comparison';
import { readLedgerFile } from '../chaos/ledger-file';
import { makeChangedBuild } from './changed-build';
import { deploy, promote, readHealth, startWorker, versionEnv } from './deploying';

const AMOUNT = '10.50';

export interface DeploysResult {
  readonly payouts: number;
  readonly approved: number;
  readonly orders: number;
  readonly findings: readonly { readonly defect: string; readonly clientOrderId: string; readonly detail: string }[];
  /** Payout workflows that failed, were terminated or timed out. */
  readonly failed: number;
  /** Payouts that stayed with the build that was rolled back. */
  readonly held: number;
  /** What the first worker said before its build was promoted, and what became of a payout until then. */
  readonly beforePromotion: { readonly saysIdle: boolean; readonly health: string; readonly state: string };
  /** Workflow tasks that failed because a build could not replay them. */
  readonly refusedReplays: number;
  readonly finishedBy: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/**
 * Deploys a changed workflow while payouts are open, rolls it back, and deploys it again, with `each` payouts made in every phase. The
 * simulator's ledger is the judge.
 */
export async function runDeploys(each: number, say: (line: string) => void = () => {}): Promise<DeploysResult> {
  const stack = await startStack(withProduct(PATIENT, versionEnv('1')));
  const workers: { stop: () => Promise<unknown> }[] = [];
  const beganMs = performance.now();
  try {
    return await play();
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await stack.stop();
  }

  async function play(): Promise<DeploysResult> {
    const ids: string[] = [];
    const pay = async (phase: string, count = each) => {
      const made = Array.from({ length: count }, (_, index) => `DEPLOY-${phase}-${index}`);
      await Promise.all(made.map((clientOrderId) => stack.createPayout({ clientOrderId, amount: AMOUNT })));
      ids.push(...made);
      say(`${phase}: ${count} payouts made`);
    };
    const countRefused = () => stack.logs('worker').filter((line) => /TMPRL1100|[Nn]on-?determinis/.test(line)).length;
    const read = async (id: string) => (await stack.request<ProductView>(`/payouts/${id}`)).body;

    const root = await makeChangedBuild(stack.dir, 'guarded-pause');
    await pay('unpromoted', 1);
    const saysIdle = await stack.waitFor('the worker to say that it is not current', () =>
      stack.logs('worker').some((line) => line.includes('this version is not current')),
    );
    const health = await readHealth(stack, '1');
    const beforePromotion = { saysIdle, health, state: (await read('DEPLOY-unpromoted-0')).state };
    await promote(stack, '1');
    await pay('first');
    workers.push(await startWorker(stack, '2', root));
    await stack.waitFor('a ramp', () =>
      deploy(stack, 'ramp', '--percentage', '50', '--build-id', '2').catch(() => null),
    );
    await pay('ramp');
    await promote(stack, '2');
    await pay('second');
    const passed = (await stack.waitFor('payouts on the second build', async () => {
      const count = await countRunning(stack, '2');
      return count >= Math.min(each, 3) ? count : null;
    })) as number;
    say(`${passed} open payouts have run on build 2; rolling back`);
    const rolledBack = await deploy(stack, 'rollback');
    say(rolledBack.trim());
    const held = Number(/^(\d+) open workflows stay/m.exec(rolledBack)?.[1] ?? 0);
    await pay('rolled-back');
    workers.push(await startWorker(stack, '3', root));
    await promote(stack, '3');
    await pay('third');
    say((await deploy(stack, 'release', '--build-id', '2')).trim());

    const product = new Map<string, ProductView>();
    for (const id of ids) {
      const isOver = async () => {
        const payout = await read(id);
        return payout.outcome === null ? null : payout;
      };
      product.set(id, await stack.waitFor(`${id} to be final`, isOver, 120_000));
    }
    say((await deploy(stack, 'status')).trim());
    const clients = ids.map((clientOrderId) => ({
      ...{
        clientOrderId,
        scenario: 'approved',
        amount: AMOUNT,
        currency: 'EUR',
        accepted: true,
        started: 1,
        refused: null,
      },
      outcomes: new Set<string>(),
    }));
    const gateway = readLedgerFile(path.join(stack.dir, 'simulator-ledger.jsonl')).orders;
    return {
      payouts: ids.length,
      approved: [...product.values()].filter(({ outcome }) => outcome === 'approved').length,
      orders: gateway.length,
      findings: compareRecords({ clients, product, gateway, reset: new Set() }),
      failed: await count(stack, "ExecutionStatus != 'Running' AND ExecutionStatus != 'Completed'"),
      ...{ held, beforePromotion, refusedReplays: countRefused() },
      finishedBy: await readFinishers(stack),
      seconds: Math.round((performance.now() - beganMs) / 1_000),
    };
  }
}

const countRunning = (stack: Stack, buildId: string) =>
  count(stack, `ExecutionStatus = 'Running' AND TemporalWorkerDeploymentVersion = 'payouts:${buildId}'`);

async function count(stack: Stack, query: string): Promise<number> {
  const connection = await Connection.connect({ address: stack.temporalAddress });
  try {
    const { workflow } = new Client({ connection, namespace: stack.namespace });
    return (await workflow.count(`WorkflowType = 'payout' AND ${query}`)).count;
  } finally {
    await connection.close();
  }
}

async function readFinishers(stack: Stack): Promise<Record<string, number>> {
  const builds = ['1', '2', '3'];
  const query = (build: string) =>
    `ExecutionStatus = 'Completed' AND TemporalWorkerDeploymentVersion = 'payouts:${build}'`;
  const counts = await Promise.all(builds.map(async (build) => [build, await count(stack, query(build))] as const));
  return Object.fromEntries(counts);
}
