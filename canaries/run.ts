import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../scripts/ports';
import { createCaller } from './caller';
import { causeDefects } from './defects';
import { type House, openHouse } from './house';
import { createMarkerBook, type Marker } from './marker';
import { awaitEnds, operate, type Planned, planPayouts, settleWithWords, startPayouts } from './payouts';
import { askCommandLine, describeRunning, listDumps, readFiles, readTemporal, type Written } from './places';
import { sendRefused } from './refused';
import { createSearcher, type Finding } from './searcher';
import { sendSigned } from './signed';

export interface RunOptions {
  readonly seed: number;
  /** Payouts of every scenario. */
  readonly rounds: number;
  /** Kills of a worker and of an API each. */
  readonly kills: number;
  /** How many payouts are shown by Temporal's command line. */
  readonly shown: number;
}

/** A marker where it may not stand. */
export interface Hit extends Finding {
  readonly place: string;
  readonly name: string;
}

export interface Outcome {
  readonly markers: readonly Marker[];
  readonly hits: readonly Hit[];
  /** How often the ids of the payouts, which stand in clear, were found in each kind of place: a place without any was not searched. */
  readonly idsByPlace: ReadonlyMap<string, number>;
  readonly states: ReadonlyMap<string, string>;
  readonly dumps: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

/** Plants markers, runs payouts through every scenario and through kills, and searches everything that was written. */
export async function runCanaries(options: RunOptions): Promise<Outcome> {
  const book = createMarkerBook(options.seed);
  const prefix = `CANARY${options.seed}`;
  const house = await openHouse(book, await findFreePort([]));
  try {
    const { stack } = house;
    const caller = createCaller(stack.api, house.key);
    const planned = await planPayouts(book, house, { prefix, rounds: options.rounds });
    const watch = startWatch(house, planned);
    const ids = (scenario: string) =>
      planned.filter((each) => each.scenario === scenario).map((each) => each.clientOrderId);

    const starting = startPayouts(caller, planned);
    const kills = await killInTurn(house, options.kills);
    await starting;
    await settleWithWords(book, { caller, house, ids: ids('stays_processing') });
    const [openId = ''] = ids('unknown');
    const defects = await causeDefects(book, stack, openId);
    await sendRefused(book, caller, { knownId: ids('approved')[0] ?? '', prefix });
    const states = await awaitEnds(
      caller,
      planned.filter(({ clientOrderId }) => clientOrderId !== openId),
    );
    const acts = await operate(book, caller, states);
    const { controlKeys } = house;
    await sendSigned(book, caller, { prefix, finalId: ids('approved')[0] ?? '', controlKeys });
    for (const page of ['/openapi.json', '/docs', '/health/live', '/health/ready']) await caller.send('page', page);

    await watch.look();
    const { written, eventCount } = await readTemporal(stack);
    written.push(...(await watch.stop()), ...readFiles(stack, 'while running'));
    written.push(
      ...(await askCommandLine(
        stack,
        planned.slice(0, options.shown).map((each) => each.clientOrderId),
      )),
    );
    for (const name of ['api', 'worker', 'temporal'] as const) await stack.kill(name, 'SIGTERM');
    written.push(...readFiles(stack, 'at the end'));
    for (const { what, status, text } of caller.heard) {
      const isAnswer = status < 400;
      const name = `${what}: ${status}`;
      written.push({
        place: isAnswer ? 'answers' : 'refusals',
        name,
        bytes: Buffer.from(text),
        holds: isAnswer ? 'answers' : 'nowhere',
      });
    }
    const figures = { payouts: planned.length, kills, defects, acts, events: eventCount, answers: caller.heard.length };
    return {
      ...searchAll(book.markers(), { written, prefix }),
      states,
      dumps: listDumps(stack),
      figures: { ...figures, ...count(written) },
    };
  } finally {
    await house.stop();
  }
}

/** Kills the worker and the API in turn while payouts run, and starts each again. */
async function killInTurn({ stack }: House, times: number): Promise<number> {
  for (let nth = 0; nth < times; nth += 1) {
    for (const name of ['worker', 'api'] as const) {
      await sleep(700 + 600 * (nth % 3));
      await stack.kill(name, 'SIGKILL');
      await stack.start(name);
    }
  }
  return times * 2;
}

/** Looks every second at what is only there for a while: metrics, and the pending activities of payouts that run. */
function startWatch(house: House, planned: readonly Planned[]) {
  const seen: Written[] = [];
  let isOver = false;
  const look = async (): Promise<void> => {
    const metrics = await fetch(house.metricsUrl).then(
      (answer) => answer.text(),
      () => null,
    );
    if (metrics?.includes('temporal_') === true)
      seen.push({ place: 'metrics', name: 'scrape', bytes: Buffer.from(metrics) });
    const some = planned.filter((_, nth) => (nth + seen.length) % 4 === 0).map(({ clientOrderId }) => clientOrderId);
    for (const id of some) seen.push(...(await describeRunning(house.stack, [id]).catch(() => [])));
  };
  const looking = (async () => {
    while (!isOver) {
      await look();
      await sleep(1_000);
    }
  })();
  return {
    look,
    stop: async (): Promise<Written[]> => {
      isOver = true;
      await looking;
      return seen;
    },
  };
}

function searchAll(markers: readonly Marker[], { written, prefix }: { written: readonly Written[]; prefix: string }) {
  const searcher = createSearcher(markers);
  const ids = createSearcher([{ field: 'clientOrderId', value: prefix, sought: [prefix], mayStand: 'nowhere' }]);
  const hits: Hit[] = [];
  const idsByPlace = new Map<string, number>();
  for (const { place, name, bytes, holds = 'nowhere' } of written) {
    for (const finding of searcher.search(bytes)) {
      const isAllowed = holds === 'answers' && finding.marker.mayStand === 'answers';
      if (!isAllowed) hits.push({ ...finding, place, name });
    }
    idsByPlace.set(place, (idsByPlace.get(place) ?? 0) + ids.search(bytes).length);
  }
  return { markers, hits, idsByPlace };
}

function count(written: readonly Written[]) {
  const scrapes = written.filter(({ place }) => place === 'metrics').length;
  return { scrapes, searched: written.length, bytes: written.reduce((total, { bytes }) => total + bytes.length, 0) };
}
