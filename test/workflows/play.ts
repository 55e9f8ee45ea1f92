import type { History } from '@temporalio/common/lib/proto-utils';
import { toClientOrderId } from '../../src/domain/ids';
import type { Payout } from '../../src/domain/payout';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { storedTenant } from '../../src/domain/tenants';
import type { Reading } from '../../src/store/payouts';
import { createDecoder, type DecodePayloads } from '../../src/temporal/data-converter';
import {
  acknowledgeSignal,
  callbackSignal,
  detailsSignal,
  lateWorkflowId,
  type PayoutInput,
  payoutWorkflowId,
} from '../../src/workflows/messages';
import { notificationWorkflowId } from '../../src/workflows/notification-messages';
import type { Hold, Path, Scene } from './scene';
import { createScriptedGateway, type ScriptedGateway } from './scripted-gateway';
import { createScriptedHook, type ScriptedHook } from './scripted-hook';
import { createScriptedSubscriber, type ScriptedSubscriber } from './scripted-subscriber';
import { ENDPOINT, NAMESPACE, type SkippedTime, SUBSCRIBER } from './skipped-time';

/** A path that was played. */
export interface Played {
  /** The workflow's result; null when the path ends open. */
  readonly result: Payout | null;
  /** The payout as the API reads it off the history. */
  readonly reading: Reading;
  readonly history: History;
  /** Opens the history's payloads. */
  readonly decode: DecodePayloads;
  readonly gateway: ScriptedGateway;
  readonly subscriber: ScriptedSubscriber;
  readonly hook: ScriptedHook;
  /** The history of what the subscriber was told; null when there is none. */
  readonly notification: History | null;
  /** The history of the events after it; null when there are none. */
  readonly lateEvents: History | null;
  /** The server's clock when the path began, epoch milliseconds. */
  readonly beganAtMs: number;
}

/** Hashes of the accounts that Receivers enter, as the API would send them. */
const HASH_OF: Readonly<Record<string, string>> = {
  DE89370400440532013000: 'a'.repeat(32),
  GB29NWBK60161331926819: 'b'.repeat(32),
};

function createHold(): Hold {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { released, release };
}

/** The server skips no time while an activity runs, and never learns that one ended whose workflow had closed before it. */
async function forgetCalls({ env }: SkippedTime, calls: number): Promise<void> {
  for (let n = 0; n < calls; n += 1) await env.connection.testService?.unlockTimeSkipping({});
}

/** The path that began last and did not come to its end: time is one for all, so nothing can be played beside it. */
let unended: string | null = null;

/** Plays a path from its start to its end; an open payout is terminated afterwards, so that it does not go on beside the next path. */
export async function play(time: SkippedTime, path: Path): Promise<Played> {
  if (unended !== null) throw new Error(`${unended} did not come to its end; nothing can be played after it`);
  unended = path.name;
  const clientOrderId = toClientOrderId(path.name);
  const workflowId = payoutWorkflowId(clientOrderId);
  const { client } = time.env;
  const store = path.isTraced ? await time.tracedStore() : time.store;
  const handle = client.workflow.getHandle(workflowId);
  const holds: Hold[] = [];
  const read = async () => {
    const reading = await store.read(clientOrderId);
    if (reading === null) throw new Error(`${path.name} was not started`);
    return reading;
  };
  const closing = createHold();
  let outliving = 0;
  holds.push(closing);
  const scene: Scene = {
    sleep: async (duration) => await time.env.sleep(duration),
    callBack: async (report, endpoint = ENDPOINT) =>
      void (await store.signalCallback(clientOrderId, { endpoint, report })),
    signalByHand: async (...args) => await handle.signal(callbackSignal.name, ...args),
    detailByHand: async (...args) => await handle.signal(detailsSignal.name, ...args),
    passUntaken: async (duration) => {
      const { pendingActivities } = (await handle.describe()).raw;
      if (!pendingActivities?.length) return false;
      const { testService } = time.env.connection;
      await testService?.unlockTimeSkipping({});
      await time.env.sleep(duration);
      await testService?.lockTimeSkipping({});
      return true;
    },
    requestCancellation: async () => void (await handle.cancel()),
    operate: async (order) => {
      const outcome = await store.operate(clientOrderId, order);
      if (outcome === null) return 'closed';
      return 'refusal' in outcome ? outcome.refusal : outcome.state;
    },
    acknowledge: async (seen) =>
      await late.signal(acknowledgeSignal, {
        ...{ id: 'seen-1', actor: 'local', reason: 'known', attention: 'conflict' },
        ...(seen !== undefined && { seen }),
      }),
    enterDetails: async (accountNumber) =>
      void (await store.signalDetails(clientOrderId, {
        destination: { type: 'bank_account', accountNumber },
        receiver: {},
        destinationHash: HASH_OF[accountNumber] ?? 'none',
        enteredFrom: '203.0.113.7',
      })),
    signalApprovers: async (isBlocked) => void (await store.signalApprovers(clientOrderId, isBlocked)),
    comeBack: async () => void (await store.signalReturn(clientOrderId)),
    closed: async () => {
      outliving += 1;
      await closing.released;
    },
    read,
    createHold() {
      const hold = createHold();
      holds.push(hold);
      return hold;
    },
  };
  const gateway = createScriptedGateway(path.gateway(scene), time.now);
  time.useGateway(clientOrderId, gateway);
  const subscriber = createScriptedSubscriber(path.subscriber?.(scene) ?? {}, time.now);
  time.useSubscriber(clientOrderId, subscriber);
  const hook = createScriptedHook(path.hook);
  time.useHook(clientOrderId, hook);
  const delivery = client.workflow.getHandle(notificationWorkflowId(SUBSCRIBER, clientOrderId));
  const late = client.workflow.getHandle(lateWorkflowId(clientOrderId));
  await path.prepare?.(time.limits);
  const beganAtMs = Math.floor(await time.env.currentTimeMs());
  const input: PayoutInput = {
    request: {
      clientOrderId,
      amount: '10.50',
      currency: 'EUR' as PayoutInput['request']['currency'],
      receiver: {},
      extraFields: {},
      ...(path.collectFor === undefined
        ? { destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' } }
        : { collect: 'receiver', expiresIn: path.collectFor }),
    },
    ...storedTenant(path.tenant),
    endpoint: path.endpoint ?? ENDPOINT,
    acceptedAtMs: beganAtMs,
    policy: { ...DEFAULT_POLICY, ...path.policy },
    callbackUrl: 'https://cp.example.org/callbacks/default',
    redirectUrl: null,
    ...(path.subscriber === undefined ? {} : { notify: true }),
    ...(path.gate === undefined ? {} : { gate: path.gate(beganAtMs) }),
  };
  try {
    await store.start(input, {
      fingerprint: 'fingerprint',
      madeBy: 'shop',
      destinationHash: path.collectFor === undefined ? 'hash' : null,
    });
    await path.act?.(scene);
    // A workflow task that is cut off by the termination would stop the skipping of time for every path after it.
    if (path.ends === 'open') await scene.sleep('1s');
    const result: Payout | null = path.ends === 'closed' ? ((await handle.result()) as Payout) : null;
    if (path.subscriber !== undefined) await delivery.result();
    if (path.hasLateEvents) {
      await late.result();
      // Nor that the child of a workflow ended which had closed before it.
      outliving += 1;
    }
    await forgetCalls(time, outliving);
    const notification = path.subscriber === undefined ? null : await delivery.fetchHistory();
    const decode = createDecoder(time.dataConverter, { namespace: NAMESPACE, workflowId });
    const notified = {
      subscriber,
      hook,
      notification,
      lateEvents: path.hasLateEvents ? await late.fetchHistory() : null,
    };
    const played = {
      result,
      reading: await read(),
      history: await handle.fetchHistory(),
      decode,
      gateway,
      ...notified,
      beganAtMs,
    };
    if (path.ends === 'open') await handle.terminate('the path ends here');
    unended = null;
    return played;
  } finally {
    for (const hold of holds) hold.release();
  }
}
