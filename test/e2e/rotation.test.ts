import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { makePayloadKey } from '../../scripts/demo-keys';
import { describePayout } from '../../scripts/payout-api';
import { findFreePort } from '../../scripts/ports';
import type { ProgramName } from '../../scripts/stack';
import { follow, type LedgerEntry, type PayoutJson } from '../support/payouts';
import { createProgram } from '../support/program';
import { QUICK } from '../support/quick';
import { type Stack, startStack } from '../support/stack';

/** `npm run rotation` makes three. */
const ROTATIONS = Number(process.env.ROTATIONS ?? 1);
jest.setTimeout(ROTATIONS * 300_000);
const EVERY_MS = 400;
const PAYOUTS_AT_LEAST = 50;
/** Nothing is given up while the machine is busy with restarts. */
const PRODUCT = { POLL_PLAN: JSON.stringify([{ every: '1s', until: '10m' }]), GATEWAY_TIMEOUT: '20s' };

let stack: Stack;
let connection: Connection;
/** Ended however the test ends: a load that goes on would keep it from ever ending. */
const endings: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  stack = await startStack({
    ...QUICK,
    worker: { ...QUICK.worker, ...PRODUCT },
    api: { ...QUICK.api, ...PRODUCT },
    temporal: 'own',
    programs: ['simulator'],
  });
  connection = await Connection.connect({ address: stack.temporalAddress });
}, 120_000);
afterAll(async () => {
  await Promise.allSettled(endings.map(async (end) => await end()));
  await connection?.close();
  await stack?.stop();
}, 60_000);

interface Member {
  readonly url: string;
  readonly write: (keys: readonly string[]) => void;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<number | null>;
}

/** A worker or an API of its own, with keys in a file of its own. */
async function createMember(program: ProgramName, nth: number, taken: Set<number>): Promise<Member> {
  const port = await findFreePort([], taken);
  taken.add(port);
  const name = `${program}-${nth}`;
  const file = path.join(stack.dir, `${name}.keys`);
  const { url, start, stop: end } = createProgram(stack, { name, program, port, env: { PAYLOAD_KEYS_FILE: file } });
  const stop = async () => (await end())?.code ?? null;
  endings.push(stop);
  return { url, write: (keys) => writeFileSync(file, `${keys.join('\n')}\n`, { mode: 0o600 }), start, stop };
}

/** Callers who never stop asking: each payout once, at the other API when one of the two is being stopped. */
function createLoad(apis: readonly Member[]) {
  const ids: string[] = [];
  const answers = new Map<number, number>();
  const calls: Promise<void>[] = [];
  let notTaken = 0;
  let isOver = false;
  const headers = { 'content-type': 'application/json' };

  /** One call; null when a stopping API took no connection, or said on an open one that it takes nothing more and closes it. */
  async function post(api: string | undefined, body: string): Promise<number | null> {
    try {
      const response = await fetch(`${api}/payouts`, { method: 'POST', headers, body });
      await response.arrayBuffer();
      return response.status === 503 && response.headers.get('connection') === 'close' ? null : response.status;
    } catch {
      return null;
    }
  }

  async function pay(clientOrderId: string, nth: number): Promise<void> {
    const body = JSON.stringify(describePayout(clientOrderId));
    for (let tries = 0; tries < 20; tries += 1) {
      const status = await post(apis[(nth + tries) % 2]?.url, body);
      if (status !== null) return void answers.set(status, (answers.get(status) ?? 0) + 1);
      notTaken += 1;
      await sleep(50);
    }
    throw new Error(`no API took ${clientOrderId}`);
  }
  const running = (async () => {
    for (let nth = 0; !isOver; nth += 1) {
      ids.push(`R-${nth}`);
      calls.push(pay(`R-${nth}`, nth));
      await sleep(EVERY_MS);
    }
    await Promise.all(calls);
  })();
  const end = async () => {
    isOver = true;
    await running;
  };
  endings.push(end);
  return {
    ids,
    figures: () => ({ payouts: ids.length, answers: Object.fromEntries(answers), notTaken }),
    end,
  };
}

test('rotations of the payload key under load: no payout fails, none is paid twice, no call is lost', async () => {
  const taken = new Set<number>(Object.values(stack.addresses).filter((value) => typeof value === 'number'));
  const workers = [await createMember('worker', 1, taken), await createMember('worker', 2, taken)];
  const apis = [await createMember('api', 1, taken), await createMember('api', 2, taken)];
  const file = stack.environment.worker.PAYLOAD_KEYS_FILE ?? '';
  let workerKeys = [readFileSync(file, 'utf8').trim()];
  let apiKeys = workerKeys;
  const codes: (number | null)[] = [];

  /** One worker and one API at a time: the others of their kind go on meanwhile. */
  async function restart(kinds: readonly (readonly Member[])[]): Promise<void> {
    for (const nth of [0, 1]) {
      await Promise.all(
        kinds.map(async (members) => {
          const member = members[nth];
          codes.push((await member?.stop()) ?? null);
          member?.write(members === workers ? workerKeys : apiKeys);
          await member?.start();
        }),
      );
    }
  }
  for (const member of [...workers, ...apis]) member.write(workerKeys);
  await Promise.all([...workers, ...apis].map(async (member) => await member.start()));

  const load = createLoad(apis);
  const through = { ...stack, request: requestTo(apis[1]?.url ?? '') };
  const doubted = new Set<string>();
  let lostEarly = 0;
  /**
   * A send that is lost with the worker that is stopped is made again by itself if it was not on record yet; if it was, or if it
   * outlasts its time on a busy machine, it is in doubt, hence an operator's to repeat, whatever keys there are. Nothing else may need a
   * person.
   */
  async function finish(id: string): Promise<string> {
    const payout = follow(through, id);
    const isOver = ({ outcome }: PayoutJson) => typeof outcome === 'string';
    const read = await payout.until(
      'to end',
      (current) => isOver(current) || current.state === 'needs_review',
      150_000,
    );
    const steps = (await payout.timeline()).map(({ what }) => what);
    lostEarly += steps.filter((what) => what === 'not_sent_lost_before_record').length;
    if (isOver(read)) return read.state;
    doubted.add(id);
    expect([read.attention, steps.filter((what) => what.startsWith('unconfirmed'))]).toEqual([
      'outcome_unknown',
      ['unconfirmed_call_lost'],
    ]);
    const headers = { 'content-type': 'application/json', 'idempotency-key': `again-${id}` };
    const body = JSON.stringify({ reason: 'its worker was stopped' });
    // Done once for its key, however often it is asked for.
    await stack.waitFor(`${id} to be sent again`, async () => {
      const { status, body: answer } = await through.request(`/payouts/${id}/resend`, {
        method: 'POST',
        headers,
        body,
      });
      if (status !== 200) throw new Error(JSON.stringify(answer));
      return true;
    });
    return (await payout.until('to end', isOver, 150_000)).state;
  }
  const known = [...workerKeys];
  try {
    let over = 0;
    for (let rotation = 0; rotation < ROTATIONS; rotation += 1) {
      const fresh = makePayloadKey();
      known.push(fresh);
      // Readable everywhere, before anybody seals with it.
      workerKeys = [...workerKeys, fresh];
      apiKeys = [...apiKeys, fresh];
      await restart([workers, apis]);
      const first = [fresh, ...workerKeys.filter((key) => key !== fresh)];
      workerKeys = first;
      apiKeys = [fresh, ...apiKeys.filter((key) => key !== fresh)];
      await restart([workers, apis]);
      // Open payouts of before still need the older ones at the workers; what is closed is only read, by the APIs.
      for (const id of load.ids.slice(over)) await finish(id);
      over = load.ids.length;
      workerKeys = [fresh];
      await restart([workers]);
    }
    // A fast machine rotates before much was asked for.
    await stack.waitFor('a load worth the name', () => load.ids.length > PAYOUTS_AT_LEAST, 60_000);
  } finally {
    await load.end();
  }

  const { payouts, answers, notTaken } = load.figures();
  console.log(
    `${payouts} payouts, answers ${JSON.stringify(answers)}, ${notTaken} calls not taken by a stopping API, ${lostEarly} sends lost before they were on record, ${doubted.size} after`,
  );
  expect(codes.filter((code) => code !== 0)).toEqual([]);
  expect(codes).toHaveLength(ROTATIONS * 10);
  // A repeat after a lost connection may find its payout started: 200.
  expect((answers[202] ?? 0) + (answers[200] ?? 0)).toBe(payouts);
  expect(answers[200] ?? 0).toBeLessThanOrEqual(notTaken);
  expect(payouts).toBeGreaterThan(PAYOUTS_AT_LEAST);

  const states = new Map<string, number>();
  for (const id of load.ids) {
    const state = await finish(id);
    states.set(state, (states.get(state) ?? 0) + 1);
  }
  expect(Object.fromEntries(states)).toEqual({ approved: payouts });
  const { entries } = await stack.control<{ entries: LedgerEntry[] }>('/ledger');
  expect(entries.filter(({ kind }) => kind === 'accepted')).toHaveLength(payouts);

  const client = new Client({ connection, namespace: stack.namespace });
  const { count } = await client.workflow.count("ExecutionStatus != 'Completed' AND ExecutionStatus != 'Running'");
  expect(count).toBe(0);
  const used = new Set<string>();
  for (const id of load.ids) for (const keyId of await keyIdsOf(client, id)) used.add(keyId);
  expect([...used].sort()).toEqual(known.map((entry) => entry.split(':')[0]).sort());
});

const requestTo =
  (api: string): Stack['request'] =>
  async (route, init) => {
    const response = await fetch(`${api}${route}`, init);
    const text = await response.text();
    const etag = response.headers.get('etag');
    return { status: response.status, body: text === '' ? null : JSON.parse(text), etag };
  };

/** The ids of the keys that a payout's input and result are sealed with. */
async function keyIdsOf(client: Client, clientOrderId: string): Promise<string[]> {
  const { events } = await client.workflow.getHandle(`payout:${clientOrderId}`).fetchHistory();
  const payloads = (events ?? []).flatMap((event) => [
    ...(event.workflowExecutionStartedEventAttributes?.input?.payloads ?? []),
    ...(event.workflowExecutionCompletedEventAttributes?.result?.payloads ?? []),
  ]);
  return payloads.map(({ metadata }) => Buffer.from(metadata?.key ?? []).toString());
}
