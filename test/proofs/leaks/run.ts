import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../../../scripts/ports';
import type { Stack } from '../../support/stack';
import { sumOf } from '../counts';
import { createCaller } from './caller';
import { readPayloads } from './codec-reads';
import { causeDefects } from './defects';
import { payGated, readGated } from './gated';
import { openHarness } from './harness';
import { createMarkerBook } from './marker';
import { misplaceKeys } from './misplaced-keys';
import { awaitEnds, operate, planPayouts, settleWithWords, startPayouts } from './payouts';
import { askCommandLine, listDumps, readFiles, readTemporal, type Written } from './places';
import { askAboveScope, plantLinks, readEverything, resendDead } from './readings';
import { finishReceivers, startReceivers } from './receivers';
import { sendRefused } from './refused';
import { searchAll } from './search-all';
import { sendSigned } from './signed';
import { startWatch } from './watch';

export interface RunOptions {
  readonly seed: number;
  /** Payouts of every scenario. */
  readonly rounds: number;
  /** Kills of a worker and of an API each. */
  readonly kills: number;
  /** How many payouts are shown by Temporal's command line. */
  readonly shown: number;
}

export type Outcome = Awaited<ReturnType<typeof runLeaks>>;

/** Plants markers, runs payouts through every scenario and through kills, and searches everything that was written. */
export async function runLeaks(options: RunOptions) {
  const book = createMarkerBook(options.seed);
  const prefix = `LEAKTEST${options.seed}`;
  const harness = await openHarness(book, await findFreePort([]));
  try {
    const { stack, controlKeys } = harness;
    const ofTrace = {
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      tracestate: `vendor=${book.code('state of a trace', { length: 30 })}`,
      baggage: `memo=${book.code('baggage of a trace', { length: 30 })}`,
    };
    const caller = createCaller(stack.api, harness.key, ofTrace);
    const planned = await planPayouts(book, harness, { prefix, rounds: options.rounds });
    const watch = startWatch(harness, planned);
    const ids = (scenario: string) =>
      planned.filter((each) => each.scenario === scenario).map((each) => each.clientOrderId);
    const [knownId = ''] = ids('approved');
    const [openId = ''] = ids('unknown');

    const starting = startPayouts(caller, planned);
    const receiving = startReceivers(book, caller, prefix);
    const kills = await killInTurn(stack, options.kills);
    await starting;
    const receivers = await finishReceivers(book, caller, await receiving);
    const gated = await payGated(book, caller, { harness, prefix });
    await settleWithWords(book, { caller, harness, ids: ids('stays_processing') });
    const defects = await causeDefects(book, stack, openId);
    await sendRefused(book, caller, { knownId, prefix });
    const ending = [...planned, ...receivers.planned, ...gated].filter(({ clientOrderId }) => clientOrderId !== openId);
    const states = await awaitEnds(caller, ending);
    const [reviewedId = knownId] = [...states].flatMap(([id, state]) => (state === 'needs_review' ? [id] : []));
    const misplaced = await misplaceKeys(book, caller, { knownId: reviewedId, prefix });
    const acts = await operate(book, caller, states);
    await sendSigned(book, caller, { prefix, finalId: knownId, controlKeys });
    const aboveScope = await askAboveScope(caller, { harness, id: knownId });
    const shown = ending.slice(-options.shown).map(({ clientOrderId }) => clientOrderId);
    const reads = await readPayloads(book, { caller, harness, ids: shown });
    const resent = await resendDead(book, caller);
    await readEverything(caller, states);
    const batchRows = await readGated(caller, { harness, prefix });
    const links = plantLinks(book, caller);

    await watch.look();
    const { written, eventCount } = await readTemporal(stack);
    written.push(...(await watch.stop()), ...readFiles(stack, 'while running'), ...harness.subscribers.read());
    written.push(...(await askCommandLine(stack, shown)));
    for (const name of ['api', 'worker', 'temporal'] as const) await stack.kill(name, 'SIGTERM');
    written.push(...readFiles(stack, 'at the end'));
    for (const [nth, body] of harness.traces.bodies.entries())
      written.push({ place: 'traces', name: `batch ${nth}`, bytes: Buffer.from(body) });
    for (const { what, status, text, audience, of } of caller.received) {
      const place = status < 400 ? 'answers' : 'refusals';
      written.push({ place, name: `${what}: ${status}`, bytes: Buffer.from(text), audience, of });
    }
    const planted = { links, misplaced, ...receivers.answered };
    const listed = caller.received.filter(({ what, status }) => what === 'list' && status === 200).length;
    const done = { payouts: planned.length, batchRows, kills, defects, acts, resent, aboveScope, listed, ...reads };
    return {
      ...searchAll(book.markers(), { written, prefix }),
      states,
      dumps: listDumps(stack),
      figures: { ...done, ...planted, events: eventCount, answers: caller.received.length, ...count(written) },
    };
  } finally {
    await harness.stop();
  }
}

/** Kills the worker and the API in turn while payouts run, and starts each again. */
async function killInTurn(stack: Stack, times: number): Promise<number> {
  for (let nth = 0; nth < times; nth += 1) {
    for (const name of ['worker', 'api'] as const) {
      await sleep(700 + 600 * (nth % 3));
      await stack.kill(name, 'SIGKILL');
      await stack.start(name);
    }
  }
  return times * 2;
}

function count(written: readonly Written[]) {
  const scrapes = written.filter(({ place }) => place === 'metrics').length;
  return { scrapes, searched: written.length, bytes: sumOf(written.map(({ bytes }) => bytes.length)) };
}
