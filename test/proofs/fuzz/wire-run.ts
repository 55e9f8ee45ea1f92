import { readFileSync } from 'node:fs';
import type { InjectOptions } from 'fastify';
import { type Dispatcher, Pool } from 'undici';
import { createRandom, drawOne, type Random } from '../../support/random';
import type { Stack } from '../../support/stack';
import { drawRequests, judgeAnswer } from './api-run';
import type { Contract } from './contract';
import { createFindings, type Findings } from './findings';
import { drawSigned, FORGERIES, toPairs } from './forgery';
import { HOSTILE_CALLBACKS } from './hostile-callbacks';
import { MARKER } from './marker';
import {
  AMBIGUOUS,
  drawNoise,
  exchangeRaw,
  holdConnections,
  PIPELINED,
  pipeline,
  SMUGGLED_ANSWER,
} from './raw-attacks';

/** A running API, and what is needed to be its gateway. */
type Target = ReturnType<typeof readTarget>;

/** A stack's API as a target. @throws when its control key is in no file */
export function readTarget(stack: Pick<Stack, 'addresses' | 'environment'>) {
  const { GATEWAY_CONTROL_KEY_FILE: file = '' } = stack.environment.api;
  return { port: stack.addresses.api, controlKey: readFileSync(file, 'utf8').trim() };
}

export interface WireRunOptions {
  /** Requests by an ordinary HTTP client: half of them forged callbacks, the rest hostile ones and the contract's. */
  readonly requests: number;
  readonly idleConnections: number;
  readonly noise: number;
  readonly seed: number;
}

const CALLBACK_REFUSALS: ReadonlySet<WireAnswer['status']> = new Set([
  ...[400, 403, 404, 405, 413, 414, 429, 431],
  ...(['hung up', 'no request'] as const),
]);
const LANES = 16;

/** Attacks a running API over sockets. After each kind of attack it must be alive and take a genuine callback. */
export async function runWire(target: Target, options: WireRunOptions): Promise<Findings> {
  const findings = createFindings();
  const random = createRandom(options.seed);
  const { port, controlKey } = target;
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: LANES, pipelining: 1, headersTimeout: 20_000 });
  const checkHealth = async (after: string): Promise<void> => {
    const live = await ask(pool, { method: 'GET', url: '/health/live' });
    if (live.status !== 200) findings.violate(`after ${after}: /health/live answered ${live.status}`);
    const genuine = toPairs(drawSigned(random, controlKey));
    const taken = await ask(pool, { method: 'GET', url: `/callbacks/default?${genuine}` });
    if (taken.status !== 200) findings.violate(`after ${after}: a genuine callback was answered ${taken.status}`);
    findings.count('genuine callbacks');
  };

  await checkHealth('the start');
  const callbacks = drawCallbacks(Math.ceil((options.requests * 3) / 4), random, controlKey);
  await inLanes(callbacks, async ({ name, request }) => {
    const answer = await ask(pool, request);
    findings.count(`callback ${answer.status}`);
    if (!CALLBACK_REFUSALS.has(answer.status)) findings.violate(`${name}: answered ${answer.status}`);
  });
  await checkHealth('the callbacks');

  const contract = JSON.parse((await ask(pool, { method: 'GET', url: '/openapi.json' })).body) as Contract;
  const requests = drawRequests(contract, { requests: Math.floor(options.requests / 4), seed: options.seed });
  await inLanes(requests, async ({ operation, url, headers, payload, kind }) => {
    const answer = await ask(pool, { method: operation.method, url, headers, ...(payload && { payload }) });
    const { status } = answer;
    findings.count(`API ${status}`);
    const wrong = typeof status === 'number' ? judgeAnswer({ ...answer, status }) : null;
    if (status === 'nothing in time') findings.violate(`${operation.name}, ${kind}: nothing in time`);
    if (wrong !== null) findings.violate(`${operation.name}, ${kind}: ${wrong}`);
  });
  await checkHealth("the contract's requests");
  await attackRaw(port, { findings, options, checkHealth });
  await pool.close();
  return findings;
}

interface RawRun {
  readonly findings: Findings;
  readonly options: WireRunOptions;
  readonly checkHealth: (after: string) => Promise<void>;
}

async function attackRaw(port: number, { findings, options, checkHealth }: RawRun): Promise<void> {
  for (const [name, bytes] of Object.entries(AMBIGUOUS)) {
    const answer = await exchangeRaw(port, bytes);
    findings.count('raw: ambiguous requests');
    if (answer.includes(SMUGGLED_ANSWER)) findings.violate(`${name}: the inner request was served`);
    if (/HTTP\/1\.1 [25]/.test(answer)) findings.violate(`${name}: answered ${answer.slice(9, 12)}`);
    if (answer.includes(MARKER)) findings.violate(`${name}: the answer repeats what was sent`);
  }
  await checkHealth('ambiguous requests');
  const noise = Array.from({ length: options.noise }, drawNoise);
  await inLanes(noise, async (bytes) => {
    const answer = await exchangeRaw(port, bytes, 200);
    findings.count('raw: noise');
    if (/HTTP\/1\.1 [25]/.test(answer)) findings.violate(`noise: answered ${answer.slice(9, 12)}`);
  });
  await checkHealth('noise');
  const served = [...(await exchangeRaw(port, pipeline(), 2_000)).matchAll(/HTTP\/1\.1 200/g)].length;
  findings.count('raw: pipelined requests', PIPELINED);
  if (served !== PIPELINED) findings.violate(`of ${PIPELINED} pipelined requests ${served} were answered`);
  for (const trickle of [false, true]) {
    const current = await holdConnections(port, { count: options.idleConnections, trickle });
    const kind = trickle ? 'trickling' : 'idle';
    await checkHealth(`opening ${kind} connections`);
    findings.count(`raw: ${kind} connections`, current.open());
    await current.release();
  }
  await checkHealth('the held connections');
}

function drawCallbacks(count: number, random: Random, controlKey: string): { name: string; request: InjectOptions }[] {
  const kinds = Object.entries(FORGERIES);
  return Array.from({ length: count }, (_, nth) => {
    const real = drawSigned(random, controlKey);
    if (nth % 3 === 0) {
      const [name, make] = drawOne(random, HOSTILE_CALLBACKS);
      return { name: `${name} #${nth}`, request: make(toPairs(real), random) };
    }
    const [kind, forge] = drawOne(random, kinds);
    const url = `/callbacks/default?${toPairs(forge(real, random, controlKey))}`;
    return { name: `forged ${kind} #${nth}`, request: { method: 'GET', url } };
  });
}

interface WireAnswer {
  /** `hung up`: as the API may on what is no request; `no request`: our own client would not send it. */
  readonly status: number | 'hung up' | 'no request' | 'nothing in time';
  readonly type: string;
  readonly body: string;
}

async function ask(dispatcher: Dispatcher, { method, url, headers, payload }: InjectOptions): Promise<WireAnswer> {
  try {
    const response = await dispatcher.request({
      method: (method ?? 'GET') as Dispatcher.HttpMethod,
      path: String(url),
      ...(headers === undefined ? {} : { headers: headers as Record<string, string> }),
      ...(payload === undefined ? {} : { body: payload as string | Buffer }),
    });
    const type = String(response.headers['content-type'] ?? '');
    return { status: response.statusCode, type, body: await response.body.text() };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const isLate = code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
    const status = isLate ? 'nothing in time' : code === 'UND_ERR_INVALID_ARG' ? 'no request' : 'hung up';
    return { status, type: '', body: '' };
  }
}

async function inLanes<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (const item of waiting) await act(item);
    }),
  );
}
