import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitUntil } from '../../scripts/wait-until';
import { type Cell, measureCell, warmUp } from '../cell';
import { type Contestant, product, temporalPeer } from '../contestants';
import { summarise } from '../summary';
import { describeTable, show } from '../table';
import type { Mode, Reporting } from './mode';
import { type HotSpot, readHotSpots } from './profile';
import { buildVariant } from './variant-build';
import { VARIANTS } from './variants';

const POLLS = 1;
const EVERY_MS = 1_000;
/** More of them for the profile, so that what a start takes stays small in it. */
const PROFILED = 5;
const BASE = 'the product';

const PRODUCT = product({ name: BASE });

async function measure(contestant: Contestant, payouts: number, say: Reporting['say']): Promise<Cell> {
  const running = await contestant.start({ everyMs: EVERY_MS });
  try {
    await warmUp(contestant, running);
    const cell = await measureCell(contestant, running, { polls: POLLS, payouts, everyMs: EVERY_MS, prefix: 'P' });
    say(`${contestant.name}: ${JSON.stringify(cell.cpuMs)}`);
    return cell;
  } finally {
    await running.stop();
  }
}

/** The same payouts once more, with a worker that writes profiles when it stops. */
async function profileWorker(payouts: number, say: Reporting['say']): Promise<readonly HotSpot[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'payouts-profile-'));
  const nodeArgs = ['--cpu-prof', `--cpu-prof-dir=${folder}`];
  const contestant = product({ name: 'profiled', nodeArgs });
  const running = await contestant.start({ everyMs: EVERY_MS });
  try {
    await warmUp(contestant, running);
    await measureCell(contestant, running, { polls: POLLS, payouts, everyMs: EVERY_MS, prefix: 'P' });
    const { worker = 0 } = running.pids();
    process.kill(worker, 'SIGTERM');
    const ask = () => !isAlive(worker);
    await waitUntil({ what: 'the profiled worker to stop', timeoutMs: 30_000, ask });
    say('profiled');
    return readHotSpots(folder, worker);
  } finally {
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Each part switched off in a build of its own: what it costs. */
export const ABLATION: Mode = {
  what: 'the product without one part after the other, at one poll, and a profile of its worker; the product itself at the beginning and at the end',
  options: { payouts: '20', only: '' },
  async run(given, { say, keep }) {
    const [payouts, only] = [given.number('payouts'), given.text('only')];
    const chosen = VARIANTS.filter(({ name }) => only === '' || only.split(',').includes(name));
    const variants = chosen.map((variant) => product({ ...variant, build: () => buildVariant(variant) }));
    for (const variant of chosen) await buildVariant(variant);
    say('built');
    const cells: Cell[] = [];
    for (const contestant of [PRODUCT, temporalPeer('temporal-minimum', 'minimum'), ...variants, PRODUCT]) {
      cells.push(await measure(contestant, payouts, say));
      keep({ summaries: summarise(cells) });
    }
    const [summaries, profile] = [summarise(cells), await profileWorker(PROFILED * payouts, say)];
    const base = summaries.find(({ contestant }) => contestant === BASE);
    const row = (each: (typeof summaries)[number]) => {
      const parts = [each.cpuMs, each.serverMs, each.workerMs, each.apiMs].map((value) => show(value));
      const less = show(each === base ? null : (each.cpuMs ?? Number.NaN) - (base?.cpuMs ?? Number.NaN));
      return [each.contestant, less, ...parts, show(each.events), show(each.historyBytes), show(each.actions)];
    };
    const head = ['build', 'difference', 'CPU ms', 'server', 'worker', 'API', 'events', 'history bytes', 'actions'];
    const wrong = cells.filter(({ verdict }) => verdict.paidTwice + verdict.neverSent + verdict.notFinal > 0);
    const [first, last] = cells.filter(({ contestant }) => contestant === BASE).map(({ cpuMs }) => sum(cpuMs));
    return {
      lines: [
        ...describeTable('CPU per payout at one poll', head, summaries.map(row)),
        `the product itself: ${show(first)} ms at the beginning, ${show(last)} ms at the end`,
        ...describeTable(
          'Worker, self time',
          ['function', '%'],
          profile.map(({ what, share }) => [what, show(100 * share)]),
        ),
      ],
      figures: { summaries, profile, baseMs: [first, last] },
      isSound: wrong.length === 0,
    };
  },
};

const sum = (cpuMs: Cell['cpuMs']) => Object.values(cpuMs).reduce((total, ms) => total + ms, 0);
