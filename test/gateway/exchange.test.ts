import { Agent, Dispatcher } from 'undici';
import { waitUntil } from '../../scripts/wait-until';
import { type ExchangeOptions, exchange } from '../../src/gateway/exchange';
import { httpReply, type LoopbackGateway, startLoopback } from './loopback-gateway';

let gateway: LoopbackGateway;
let agent: Agent;
beforeEach(async () => {
  gateway = await startLoopback((socket) => socket.write(httpReply('type=error\n')));
  agent = new Agent();
});
afterEach(async () => {
  await agent.destroy();
  await gateway.close();
});

function optionsFor(changes: Partial<ExchangeOptions> = {}): ExchangeOptions {
  const url = new URL(`${gateway.baseUrl}/api`);
  const limits = { writeBeforeMs: Date.now() + 5_000, answerMs: () => 2_000, maxReplyBytes: 1_000 };
  return { url, headers: { 'x-a': 'b' }, body: 'a=1', now: Date.now, ...limits, ...changes };
}

/** Plays undici's part by hand. */
class ScriptedDispatcher extends Dispatcher {
  readonly aborts: unknown[] = [];
  readonly script: (handler: Dispatcher.DispatchHandler, controller: Dispatcher.DispatchController) => void;

  constructor(script: ScriptedDispatcher['script']) {
    super();
    this.script = script;
  }

  override dispatch(_options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const controller = { abort: (reason: unknown) => this.aborts.push(reason) };
    this.script(handler, controller as unknown as Dispatcher.DispatchController);
    return true;
  }
}

test('an answer arrives whole', async () => {
  const result = await exchange(agent, optionsFor());
  expect(result).toMatchObject({
    stage: 'answered',
    statusCode: 200,
    body: Buffer.from('type=error\n'),
    contentEncoding: '',
  });
  expect(gateway.requests).toHaveLength(1);
});

test.each<[string, string, boolean]>([
  ['a length', 'content-length: 5\r\n\r\na=1\n&', false],
  ['chunks', 'transfer-encoding: chunked\r\n\r\n5\r\na=1\n&\r\n0\r\n\r\n', false],
  ['the end of the connection', 'connection: close\r\n\r\na=1\n&', true],
])('a body that ends by %s', async (_name, rest, mayBeCut) => {
  const other = await startLoopback((socket) => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
  const ownAgent = new Agent();
  const result = await exchange(ownAgent, optionsFor({ url: new URL(other.baseUrl) }));
  expect(result).toMatchObject({ stage: 'answered', body: Buffer.from('a=1\n&'), mayBeCut });
  await ownAgent.close();
  await other.close();
});

test('a deadline that is over opens no connection', async () => {
  expect(await exchange(agent, optionsFor({ writeBeforeMs: Date.now() }))).toEqual({
    stage: 'not_sent',
    cause: 'past_deadline',
  });
  expect(gateway.connections()).toBe(0);
});

test('a deadline that passes while connecting is seen right before writing: a connection, and not one byte', async () => {
  let clockMs = 1_000;
  const late = agent.compose((dispatch) => (options, handler) => {
    clockMs = 2_000;
    return dispatch(options, handler);
  });
  const result = await exchange(late, optionsFor({ now: () => clockMs, writeBeforeMs: 2_000 }));
  expect(result).toEqual({ stage: 'not_sent', cause: 'past_deadline' });
  await waitUntil({ what: 'the connection', timeoutMs: 5_000, intervalMs: 5, ask: () => gateway.connections() > 0 });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect([gateway.connections(), gateway.bytes()]).toEqual([1, 0]);
});

test('a request stuck before its socket is given up at the deadline, and never written afterwards', async () => {
  let release: () => void = () => undefined;
  const dispatcher = new ScriptedDispatcher((handler, controller) => {
    release = () => handler.onRequestStart?.(controller, {});
  });
  const result = await exchange(dispatcher, optionsFor({ writeBeforeMs: Date.now() + 20 }));
  expect(result).toEqual({ stage: 'not_sent', cause: 'past_deadline' });
  release();
  expect(dispatcher.aborts).toHaveLength(1);
});

test('a second dispatch of the same request is refused', async () => {
  const abortsByDispatch: number[] = [];
  const dispatcher: ScriptedDispatcher = new ScriptedDispatcher((handler, controller) => {
    handler.onRequestStart?.(controller, {});
    abortsByDispatch.push(dispatcher.aborts.length);
    handler.onRequestStart?.(controller, {});
    abortsByDispatch.push(dispatcher.aborts.length);
    handler.onResponseError?.(controller, new Error('x'));
  });
  expect(await exchange(dispatcher, optionsFor())).toEqual({ stage: 'no_answer', cause: 'connection_lost' });
  expect(abortsByDispatch).toEqual([0, 1]);
});

test('an abort while queued sends nothing, then or later', async () => {
  const controller = new AbortController();
  let release: () => void = () => undefined;
  const dispatcher = new ScriptedDispatcher((handler, dispatched) => {
    release = () => handler.onRequestStart?.(dispatched, {});
    controller.abort();
  });
  expect(await exchange(dispatcher, optionsFor({ signal: controller.signal }))).toEqual({
    stage: 'not_sent',
    cause: 'aborted',
  });
  release();
  expect(dispatcher.aborts).toHaveLength(1);
});

test('a dispatcher that throws sent nothing', async () => {
  const dispatcher = new ScriptedDispatcher(() => {
    throw new Error('x');
  });
  expect(await exchange(dispatcher, optionsFor())).toEqual({ stage: 'not_sent', cause: 'unreachable' });
});

test('a closed pool sent nothing', async () => {
  await agent.close();
  expect(await exchange(agent, optionsFor())).toEqual({ stage: 'not_sent', cause: 'unreachable' });
});

test('an error after the answer began is no answer', async () => {
  const dispatcher = new ScriptedDispatcher((handler, controller) => {
    handler.onRequestStart?.(controller, {});
    handler.onResponseStart?.(controller, 200, {}, 'OK');
    handler.onResponseData?.(controller, Buffer.from('type=async-response'));
    handler.onResponseError?.(controller, new Error('x'));
    handler.onResponseEnd?.(controller, {});
  });
  expect(await exchange(dispatcher, optionsFor())).toEqual({ stage: 'no_answer', cause: 'connection_lost' });
});

test('listeners on a shared abort signal are taken off again', async () => {
  const { signal } = new AbortController();
  const added = jest.spyOn(signal, 'addEventListener');
  const removed = jest.spyOn(signal, 'removeEventListener');
  await exchange(agent, optionsFor({ signal }));
  expect(added).toHaveBeenCalledTimes(1);
  expect(removed).toHaveBeenCalledWith('abort', added.mock.calls[0]?.[1]);
});

test('a timeout gives its socket up: a late answer must not meet the next request', async () => {
  let onClose: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    onClose = resolve;
  });
  const silent = await startLoopback((socket) => socket.on('close', onClose));
  const url = new URL(`${silent.baseUrl}/api`);
  expect(await exchange(agent, optionsFor({ url, answerMs: () => 30 }))).toEqual({
    stage: 'no_answer',
    cause: 'timeout',
  });
  await closed;
  await silent.close();
});
