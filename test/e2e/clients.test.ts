import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { NotSettledError, PayoutClient, PayoutError, verifyNotification } from '../../clients/typescript';
import { type Child, startChild } from '../../scripts/child';
import { playDemonstration } from '../../scripts/demonstration';
import { findFreePort } from '../../scripts/ports';
import { listUrls } from '../../scripts/stack-environment';
import { PAYOUT_EXAMPLES } from '../../src/api/openapi/examples';
import { ROOT } from '../docs/documents';
import { listenOnLoopback } from '../support/listen';
import { follow } from '../support/payouts';
import { PATIENT } from '../support/quick';
import { type Stack, startStack } from '../support/stack';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const requestOf = (clientOrderId: string) => ({
  ...PAYOUT_EXAMPLES.bank_account.value,
  clientOrderId,
  destination: { ...PAYOUT_EXAMPLES.bank_account.value.destination },
});

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let stack: Stack;
const received: Received[] = [];
const listen = (answer: (request: IncomingMessage, reply: ServerResponse) => Promise<unknown>) =>
  createServer((request, reply) => void answer(request, reply).catch(() => reply.destroy()));
const subscriber = listen(async (request, reply) => {
  received.push({ headers: request.headers, body: await text(request) });
  reply.writeHead(204).end();
});
/** The way to the API: of what is posted, the first answer is lost on the way back, the second is a 503. */
const posted = new Map<string, number>();
const unreliable = listen(async (request, reply) => {
  const body = await text(request);
  const times = (posted.get(body) ?? 0) + 1;
  if (body !== '') posted.set(body, times);
  if (body !== '' && times === 2) return void reply.writeHead(503, { 'retry-after': '1' }).end('busy');
  const headers = { 'content-type': 'application/json' };
  const init = { method: String(request.method), ...(body === '' ? {} : { body, headers }) };
  const answer = await fetch(`${stack.api}${request.url}`, init);
  const answered = await answer.text();
  if (body !== '' && times === 1) return void reply.destroy();
  reply.writeHead(answer.status, { 'content-type': String(answer.headers.get('content-type')) }).end(answered);
});
let baseUrl: string;
let dir: string;

beforeAll(async () => {
  const url = `http://127.0.0.1:${await listenOnLoopback(subscriber)}/`;
  baseUrl = `http://127.0.0.1:${await listenOnLoopback(unreliable)}`;
  dir = await mkdtemp(path.join(tmpdir(), 'payouts-clients-'));
  const file = path.join(dir, 'notifications.json');
  await writeFile(file, JSON.stringify([{ name: 'erp', url, secret: SECRET, allowPrivateAddresses: true }]), {
    mode: 0o600,
  });
  const product = { ...PATIENT.api, NOTIFICATIONS_FILE: file };
  stack = await startStack({ ...PATIENT, temporal: 'shared', api: product, worker: product });
}, 180_000);
afterAll(async () => {
  await stack?.stop();
  for (const server of [subscriber, unreliable]) {
    server.closeAllConnections();
    server.close();
  }
  await rm(dir, { recursive: true, force: true });
}, 60_000);

test('each example of the documentation is taken as it stands', async () => {
  const { body } = await stack.request<any>('/openapi.json');
  const { examples } = body.paths['/payouts'].post.requestBody.content['application/json'];
  expect(Object.keys(examples)).toEqual(['bank_account', 'card', 'card_ref', 'collect']);
  for (const { value } of Object.values<{ value: { clientOrderId: string } }>(examples)) {
    const answer = await stack.request(`/payouts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(value),
    });
    expect({ id: value.clientOrderId, status: answer.status }).toEqual({ id: value.clientOrderId, status: 202 });
  }
  for (const id of ['TRY-BANK-ACCOUNT', 'TRY-CARD']) {
    await follow(stack, id).until('to be approved', ({ outcome }) => outcome === 'approved');
  }
}, 90_000);

/** The notification of a payout's end, once it has come. */
const endOf = (clientOrderId: string) =>
  stack.waitFor(`the notification of ${clientOrderId}`, async () => {
    const of = received.map((each) => ({ ...each, event: JSON.parse(each.body) }));
    return (
      of.find(({ event }) => event.type === 'payout.approved' && event.data.clientOrderId === clientOrderId) ?? null
    );
  });

async function holdInReview(clientOrderId: string): Promise<void> {
  await stack.control('/force', { clientOrderId, scenario: 'other_amount' });
}

test('the TypeScript client pays once over a bad connection, waits for the end, lists, and verifies notifications', async () => {
  const client = new PayoutClient({ baseUrl });
  const made = await client.create(requestOf('TS-1'));
  expect(made.clientOrderId).toBe('TS-1');
  const settled = await client.waitUntilSettled('TS-1', { timeoutMs: 60_000 });
  expect(settled.outcome).toBe('approved');
  expect(await follow(stack, 'TS-1').accepted()).toBe(1);
  expect(posted.get(JSON.stringify(requestOf('TS-1')))).toBe(3);

  await expect(client.create({ ...requestOf('TS-1'), amount: '11' })).rejects.toThrow(PayoutError);
  await expect(client.get('TS-none')).rejects.toMatchObject({ problem: { code: 'not_found' } });

  await holdInReview('TS-2');
  await client.create(requestOf('TS-2'));
  await follow(stack, 'TS-2').until('to need review', ({ state }) => state === 'needs_review');
  const waited = client.waitUntilSettled('TS-2', { timeoutMs: 1_500 });
  await expect(waited).rejects.toThrow(NotSettledError);
  await expect(waited).rejects.toMatchObject({ payout: { state: 'needs_review', outcome: null } });

  const ids = await stack.waitFor('both in the list', async () => {
    const found: string[] = [];
    for await (const { clientOrderId } of client.list({ clientOrderId: 'TS-*', limit: '1' })) found.push(clientOrderId);
    return found.length >= 2 ? found : null;
  });
  expect(new Set(ids)).toEqual(new Set(['TS-1', 'TS-2']));

  const { headers, body } = await endOf('TS-1');
  const notification = await verifyNotification(body, headers, { secret: SECRET });
  expect(notification).toMatchObject({ type: 'payout.approved', data: { clientOrderId: 'TS-1' } });
  await expect(verifyNotification(`${body} `, headers, { secret: SECRET })).rejects.toThrow('no signature is right');
  const later = Date.now() + 301_000;
  await expect(verifyNotification(body, headers, { secret: SECRET, nowMs: later })).rejects.toThrow('5 minutes');
}, 120_000);

const PYTHON = `
import json, os, sys
sys.path.insert(0, "clients/python")
from payouts import NotSettledError, PayoutClient, PayoutError, verify_notification
client = PayoutClient(os.environ["BASE_URL"])
given = json.load(sys.stdin)
answer = {}
if "notified" in given:
    headers, body = given["notified"]["headers"], given["notified"]["body"].encode()
    answer["type"] = verify_notification(body, headers, given["secret"])["type"]
    for name, changed, now in (("forged", body + b" ", None), ("old", body, int(headers["webhook-timestamp"]) + 301)):
        try:
            verify_notification(changed, headers, given["secret"], now)
        except ValueError as error:
            answer[name] = str(error)
else:
    answer["made"] = client.create(given["first"])["clientOrderId"]
    answer["outcome"] = client.wait_until_settled("PY-1", 60)["outcome"]
    try:
        client.create({**given["first"], "amount": "11"})
    except PayoutError as error:
        answer["refused"] = error.problem["code"]
    client.create(given["second"])
    try:
        client.wait_until_settled("PY-2", 8)
    except NotSettledError as error:
        answer["open"] = error.payout["outcome"]
    while len(found := {row["clientOrderId"] for row in client.list(clientOrderId="PY-*", limit="1")}) < 2:
        pass
    answer["listed"] = sorted(found)
print(json.dumps(answer))
`;

/** Python 3.11 or newer comes with the machine: Debian `apt install python3`, macOS `brew install python`. */
async function runPython(given: object): Promise<unknown> {
  const child = spawn('python3', ['-c', PYTHON], { cwd: ROOT, env: { ...process.env, BASE_URL: baseUrl } });
  child.stdin.end(JSON.stringify(given));
  const [out, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (problems !== '') throw new Error(problems);
  return JSON.parse(out);
}

test('the Python client does the same', async () => {
  await holdInReview('PY-2');
  const given = { first: requestOf('PY-1'), second: requestOf('PY-2') };
  expect(await runPython(given)).toEqual({
    ...{ made: 'PY-1', outcome: 'approved', refused: 'payout_differs', open: null, listed: ['PY-1', 'PY-2'] },
  });
  expect(await follow(stack, 'PY-1').accepted()).toBe(1);
  const { headers, body } = await endOf('PY-1');
  expect(await runPython({ notified: { headers, body }, secret: SECRET })).toEqual({
    ...{ type: 'payout.approved', forged: 'no signature is right', old: 'the time is more than 5 minutes off' },
  });
}, 120_000);

test('?wait=final answers with the final state', async () => {
  await stack.createPayout({ clientOrderId: 'W-final' });
  expect((await stack.request<{ outcome: string }>('/payouts/W-final?wait=final')).body.outcome).toBe('approved');
}, 90_000);

test('a second start shows the payout of the first and the Receivers who still wait, and makes no more of them', async () => {
  const system = {
    ...listUrls(stack.addresses),
    temporalAddress: stack.temporalAddress,
    temporalUi: null,
    owner: {} as never,
  };
  const play = async () => {
    const lines: string[] = [];
    await playDemonstration(system, { print: (line) => lines.push(line), tryFile: path.join(ROOT, '.cache/try.json') });
    const text = lines.join('\n');
    expect(lines.filter((line) => / curl /.test(line) && line.length >= 100)).toEqual([]);
    return text.match(/http\S+\/r\/\S+|(?<=payout.*, )FIRST-\S+(?=,)/gi);
  };
  const first = await play();
  expect(first).toHaveLength(3);
  await stack.waitFor('both in the list', async () => {
    const states = { CHECKOUT: 'awaiting_details', FORM: 'awaiting_receiver' };
    const found = Object.entries(states).map(([prefix, state]) =>
      stack.request<{ payouts: object[] }>(`/payouts?clientOrderId=${prefix}-*&state=${state}`),
    );
    return (await Promise.all(found)).every(({ body }) => body.payouts.length === 1) || null;
  });
  expect(await play()).toEqual(first);
}, 120_000);

test('the simulator packs into an empty folder, where its command answers, its control API by token alone', async () => {
  const packed = await mkdtemp(path.join(tmpdir(), 'payouts-simulator-'));
  let program: Child | null = null;
  try {
    const run = promisify(execFile);
    await run('npm', ['pack', '--silent', '--pack-destination', packed], { cwd: path.join(ROOT, 'dist', 'simulator') });
    const [archive = ''] = await readdir(packed);
    await run('tar', ['xf', archive], { cwd: packed });
    // Instead of an install from a registry.
    await symlink(path.join(ROOT, 'node_modules'), path.join(packed, 'node_modules'));
    const port = await findFreePort([], new Set());
    const { bin } = JSON.parse(await readFile(path.join(packed, 'package', 'package.json'), 'utf8')) as { bin: string };
    program = await startChild({
      ...{ name: 'simulator', command: process.execPath, args: [path.join('package', bin)], cwd: packed },
      env: {
        PATH: process.env.PATH,
        ...{ SIMULATOR_PORT: String(port), SIMULATOR_LOGIN: 'cp', SIMULATOR_CONTROL_KEY: 'k'.repeat(36) },
        ...{
          SIMULATOR_PUBLIC_KEY_FILE: stack.environment.simulator.SIMULATOR_PUBLIC_KEY_FILE,
          SIMULATOR_CONTROL_TOKEN: 'token',
        },
        SIMULATOR_LEDGER: path.join(packed, 'ledger.jsonl'),
      },
      log: path.join(packed, 'simulator.log'),
    });
    const url = `http://127.0.0.1:${port}/control/scenarios`;
    const ask = (headers: Record<string, string>) =>
      fetch(url, { headers }).then(
        ({ status }) => status,
        () => null,
      );
    expect(await stack.waitFor('an answer', () => ask({}))).toBe(401);
    expect(await ask({ authorization: 'Bearer other' })).toBe(401);
    expect(await ask({ authorization: 'Bearer token' })).toBe(200);
  } finally {
    await program?.stop(2_000);
    await rm(packed, { recursive: true, force: true });
  }
}, 90_000);

test('an order is moved to any state by the id of its payout', async () => {
  await stack.control('/force', { clientOrderId: 'M-1', scenario: 'stays_processing' });
  await stack.createPayout({ clientOrderId: 'M-1' });
  await follow(stack, 'M-1').until('to be at the gateway', ({ orderId }) => orderId !== null);
  await stack.control('/orders/M-1/settle', { status: 'declined' });
  await follow(stack, 'M-1').until('to be declined', ({ outcome }) => outcome === 'declined');
}, 60_000);
