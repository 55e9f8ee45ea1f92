import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { Child } from '../scripts/child';
import { projectRoot } from '../scripts/project';
import { type House, type HouseOptions, openHouse } from './house';
import { openTemporalSide, type Recorded } from './temporal-side';

/** A contestant, up and ready to be paid with. */
export interface Running {
  readonly house: House;
  /** The processes that count, never the gateway's. */
  readonly pids: () => Readonly<Record<string, number>>;
  /** `kill -9`; it is started again at once, and ready when this resolves. */
  readonly killWorker: () => Promise<void>;
  readonly countFinals: () => Promise<number>;
  /** When each payout's final status was stored, epoch ms, by clientOrderId. */
  readonly finals: () => Promise<ReadonlyMap<string, number>>;
  /** Open payouts that a person is asked to look at; absent where there is no such thing. */
  readonly countForPerson?: () => Promise<number>;
  readonly diskBytes: () => number | Promise<number>;
  /** Null where there is no history of events. */
  readonly recorded: () => Promise<Recorded | null>;
  readonly stop: () => Promise<void>;
}

export interface Contestant {
  readonly name: string;
  /** False for the floor, which calls no gateway. */
  readonly pays: boolean;
  readonly start: (options: { everyMs: number }) => Promise<Running>;
}

/** A process that is killed and started again, and the one that runs at the moment. */
export async function keepWorker(start: () => Promise<Child>) {
  let child = await start();
  return {
    pid: () => child.identity.pid,
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await child.exited;
      child = await start();
    },
  };
}

/** Opens a house and has a contestant move in; what was started is ended when that fails. */
export async function moveIn(
  options: HouseOptions,
  start: (house: House) => Promise<Omit<Running, 'house' | 'stop'> & { close: () => Promise<void> | void }>,
): Promise<Running> {
  const house = await openHouse(options);
  try {
    const { close, ...running } = await start(house);
    const stop = async (): Promise<void> => {
      await close();
      await house.close();
    };
    return { house, ...running, stop };
  } catch (error) {
    await house.close();
    throw error;
  }
}

interface ProductOptions extends Pick<HouseOptions, 'openProxy'> {
  readonly name: string;
  readonly isSealed?: boolean;
  /** Added to the environment of API and worker. */
  readonly more?: (house: House) => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>;
  /** Where another build of it is made, before it starts. */
  readonly build?: () => Promise<string>;
  /** Options of Node for the worker. */
  readonly nodeArgs?: readonly string[];
}

/** The product as a user runs it: its API and its worker. */
export function product({ name, isSealed = true, more, build, nodeArgs = [], openProxy }: ProductOptions): Contestant {
  return {
    name,
    pays: true,
    start: async ({ everyMs }) => {
      const built = build === undefined ? {} : { root: await build() };
      return await moveIn(
        { everyMs, needsTemporal: true, isSealed, ...(openProxy && { openProxy }) },
        async (house) => {
          const side = await openTemporalSide(house, 'payout');
          const env = await more?.(house);
          const worker = await keepWorker(() => house.startProgram('worker', env, { ...built, nodeArgs }));
          const api = await house.startProgram('api', env, built);
          return {
            ...side,
            pids: () => ({ server: side.pid, worker: worker.pid(), api: api.identity.pid }),
            killWorker: worker.kill,
          };
        },
      );
    },
  };
}

let bundled: Promise<string> | null = null;

async function bundlePeers(): Promise<string> {
  const workflowsPath = path.join(projectRoot, 'bench', 'peers', 'temporal-workflows.ts');
  const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error };
  return (await bundleWorkflowCode({ workflowsPath, logger: quiet })).code;
}

/** A workflow of `peers/temporal-workflows.ts` on the product's server, with a worker and an HTTP process of its own. */
export function temporalPeer(name: string, workflow: string, pays = true): Contestant {
  return {
    name,
    pays,
    start: ({ everyMs }) =>
      moveIn({ everyMs, needsTemporal: true, isSealed: false }, async (house) => {
        bundled ??= bundlePeers();
        const PEER_BUNDLE = path.join(house.dir, 'peer-bundle.js');
        await writeFile(PEER_BUNDLE, await bundled);
        const side = await openTemporalSide(house, workflow);
        const worker = await keepWorker(() => house.startPeer('temporal-worker', { PEER_BUNDLE }));
        const front = await house.startPeer('temporal-front', { PEER_WORKFLOW: workflow });
        return {
          ...side,
          pids: () => ({ server: side.pid, worker: worker.pid(), api: front.identity.pid }),
          killWorker: worker.kill,
        };
      }),
  };
}
