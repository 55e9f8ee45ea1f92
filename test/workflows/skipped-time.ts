import type { Connection, DataConverter } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { findTestServer } from '../../scripts/temporal-bin';
import { createActivities, type PayoutActivities } from '../../src/activities/activities';
import { type BatchActivities, type BatchDeps, createBatchActivities } from '../../src/activities/batch-activities';
import { createConcurrencyLimit } from '../../src/activities/concurrency-limit';
import { createHookActivities, type HookActivities } from '../../src/activities/hook-activities';
import { createLimitActivities, type LimitActivities } from '../../src/activities/limit-activities';
import {
  createNotificationActivities,
  type NotificationActivities,
} from '../../src/activities/notification-activities';
import { DEFAULT_LIMITS } from '../../src/config/worker-limits';
import { NOTIFICATION_TYPES } from '../../src/domain/notification';
import { createBatchRows } from '../../src/store/batch-rows';
import { createPayoutStore, type PayoutStore } from '../../src/store/payouts';
import { createDataConverter } from '../../src/temporal/data-converter';
import { createLimitLedger } from '../../src/temporal/limit-ledger';
import { createOutbox, type Outbox } from '../../src/temporal/outbox';
import type { PayloadKeys } from '../../src/temporal/payload-keys';
import { createSendAttempt } from '../../src/temporal/send-attempt';
import { createWorkers, runWorkers, stopWorkers } from '../../src/temporal/workers';
import { openTracing } from '../../src/tracing/tracing';
import { searchAttributes } from '../../src/workflows/messages';
import { TEST_PAYLOAD_KEYS } from '../support/payload-keys-of-tests';
import type { ScriptedGateway } from './scripted-gateway';
import { createScriptedHook, type ScriptedHook } from './scripted-hook';
import { createScriptedSubscriber, type ScriptedSubscriber } from './scripted-subscriber';
import { findWorkflowBundle } from './workflow-bundle';

export const ENDPOINT = 'default';
export const NAMESPACE = 'default';
const INDEXED_VALUE_TYPES = { KEYWORD: 2, INT: 3, DATETIME: 6, KEYWORD_LIST: 7 } as const;
/** The one subscriber; it hears of everything. */
export const SUBSCRIBER = 'erp';
/** The rule that asks a service before the send. */
export const HOOK_RULE = 'sanctions';

/** The product's own worker and store on a Temporal server that skips time, and scripted gateways in the place of the real one. */
export interface SkippedTime {
  readonly store: ReturnType<typeof createPayoutStore>;
  /** The store of an API with traces on, in which a request is under way. */
  tracedStore(): Promise<PayoutStore>;
  readonly env: TestWorkflowEnvironment;
  readonly dataConverter: DataConverter;
  /** The server's clock, epoch milliseconds. */
  readonly now: () => number;
  /** Calls about this payout go to this gateway. */
  useGateway(clientOrderId: string, gateway: ScriptedGateway): void;
  /** What is told of this payout goes to this subscriber. */
  useSubscriber(clientOrderId: string, subscriber: ScriptedSubscriber): void;
  useHook(clientOrderId: string, hook: ScriptedHook): void;
  /** What batches from now on do with rows; what is left out is as in the product. */
  useBatchDeps(deps: Partial<BatchDeps>): void;
  readonly outbox: Outbox;
  readonly limits: LimitActivities;
  fetchHistory(workflowId: string): Promise<History>;
  close(): Promise<void>;
}

/**
 * Starts the server and the workers; what crosses the server is sealed unless the keys are null. The server's clock runs ahead of ours by what was skipped, so every activity first looks at it.
 */
export async function openSkippedTime(keys: PayloadKeys | null): Promise<SkippedTime> {
  const dataConverter = createDataConverter(keys);
  const [{ path }, bundlePath] = await Promise.all([findTestServer(), findWorkflowBundle()]);
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
    shutdownSignals: [],
  });
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
    client: { dataConverter },
  });
  await env.connection.operatorService.addSearchAttributes({
    namespace: NAMESPACE,
    searchAttributes: Object.fromEntries(
      Object.values(searchAttributes).map(({ name, type }) => [name, INDEXED_VALUE_TYPES[type]]),
    ),
  });

  let skippedMs = 0;
  const now = () => Date.now() + skippedMs;
  const lookAtClock = async () => {
    skippedMs = Math.round((await env.currentTimeMs()) - Date.now());
  };
  const gateways = new Map<string, ScriptedGateway>();
  const portOf = (clientOrderId: string) => {
    const gateway = gateways.get(clientOrderId);
    if (gateway === undefined) throw new Error(`no gateway for ${clientOrderId}`);
    return gateway.port;
  };
  const activities = createActivities({
    gatewayOf: () => ({
      submitPayout: (request, options) => portOf(request.clientOrderId).submitPayout(request, options),
      fetchOrderStatus: (ids, options) => portOf(ids.clientOrderId).fetchOrderStatus(ids, options),
    }),
    ...createSendAttempt(env.nativeConnection, { namespace: NAMESPACE, dataConverter }),
    now,
    random: () => 0.5,
  });
  const subscribers = new Map<string, ScriptedSubscriber>();
  const subscriberOf = (clientOrderId: string) => subscribers.get(clientOrderId) ?? createScriptedSubscriber({}, now);
  const outbox = createOutbox(env.nativeConnection, { namespace: NAMESPACE, dataConverter });
  const notifications = createNotificationActivities({
    ...outbox,
    store: async (delivery) => {
      await subscriberOf(delivery.clientOrderId).storing();
      await outbox.store(delivery);
    },
    findState: async (clientOrderId) =>
      subscriberOf(clientOrderId).isRecorded() ? await outbox.findState(clientOrderId) : 'open',
    subscribers: [
      {
        ...{
          name: SUBSCRIBER,
          tenant: 'default',
          url: 'https://erp.example.com',
          secrets: [`whsec_${'A'.repeat(32)}`],
        },
        ...{ events: NOTIFICATION_TYPES, endpoints: null, allowPrivateAddresses: false },
      },
    ],
    sender: {
      send: async (letter) =>
        await subscriberOf(
          (JSON.parse(letter.body) as { data: { clientOrderId: string } }).data.clientOrderId,
        ).sender.send(letter),
    },
    limit: createConcurrencyLimit({ each: 20 }),
    now,
  });
  const hooks = new Map<string, ScriptedHook>();
  const asking = createHookActivities({
    hooks: [
      {
        ...{ rule: HOOK_RULE, url: 'https://checks.example.com', secrets: [`whsec_${'A'.repeat(32)}`] },
        allowPrivateAddresses: false,
      },
    ],
    sender: {
      send: async (letter) => {
        const { clientOrderId } = (JSON.parse(letter.body) as { data: { clientOrderId: string } }).data;
        return await (hooks.get(clientOrderId) ?? createScriptedHook()).sender.send(letter);
      },
    },
    limit: createConcurrencyLimit({ each: 20 }),
    now,
    onVerdict: () => undefined,
  });
  const storing = { connection: env.connection as Connection, namespace: NAMESPACE, dataConverter };
  const store = createPayoutStore(storing);
  const stopping = new AbortController().signal;
  const ownDeps: BatchDeps = {
    ...createBatchRows({ store, parts: store.batchParts, visibility: store.visibility, now }),
    now,
    stopping,
  };
  let batches = createBatchActivities(ownDeps);
  const afterLooking =
    <Order, Result>(activity: (order: Order) => Promise<Result>) =>
    async (order: Order): Promise<Result> => {
      await lookAtClock();
      return await activity(order);
    };
  const ledger = createLimitLedger(env.nativeConnection, { namespace: NAMESPACE, dataConverter });
  const unlooked = createLimitActivities({ ledger, now });
  const limits = {
    ...unlooked,
    holdLimit: afterLooking(unlooked.holdLimit),
    fundBatch: afterLooking(unlooked.fundBatch),
  };
  const looking: PayoutActivities & NotificationActivities & LimitActivities & BatchActivities & HookActivities = {
    ...limits,
    askHook: afterLooking(asking.askHook),
    storeNotice: notifications.storeNotice,
    findRecorded: afterLooking(notifications.findRecorded),
    deliver: afterLooking(notifications.deliver),
    submitPayout: afterLooking(activities.submitPayout),
    confirmSoon: afterLooking(activities.confirmSoon),
    fetchOrderStatus: afterLooking(activities.fetchOrderStatus),
    watchOrder: afterLooking(activities.watchOrder),
    startRows: afterLooking((rows) => batches.startRows(rows)),
    cancelRows: afterLooking((rows) => batches.cancelRows(rows)),
    releaseParts: afterLooking((parts) => batches.releaseParts(parts)),
  };
  const workers = await createWorkers({
    connection: env.nativeConnection,
    namespace: NAMESPACE,
    endpoints: [{ name: ENDPOINT }],
    subscribers: [SUBSCRIBER],
    hooks: [HOOK_RULE],
    activities: looking,
    dataConverter,
    ...{ bundlePath, limits: DEFAULT_LIMITS },
  });
  const running = runWorkers(workers);
  await lookAtClock();

  return {
    store,
    async tracedStore() {
      const tracing = await openTracing(true, 'api', { warn: () => undefined, info: () => undefined });
      const traced = createPayoutStore({ ...storing, tracing });
      const start: PayoutStore['start'] = async (...order) => {
        const request = { name: 'POST /payouts', kind: 'server', facts: {} } as const;
        return (await tracing?.run(request, () => traced.start(...order))) as Awaited<ReturnType<PayoutStore['start']>>;
      };
      return { ...traced, start };
    },
    env,
    dataConverter,
    now,
    outbox,
    limits,
    useSubscriber: (clientOrderId, subscriber) => void subscribers.set(clientOrderId, subscriber),
    useHook: (clientOrderId, hook) => void hooks.set(clientOrderId, hook),
    useBatchDeps(deps) {
      batches = createBatchActivities({ ...ownDeps, ...deps });
    },
    useGateway: (clientOrderId, gateway) => void gateways.set(clientOrderId, gateway),
    fetchHistory: async (workflowId) => await env.client.workflow.getHandle(workflowId).fetchHistory(),
    async close() {
      stopWorkers(workers);
      await running;
      await env.teardown();
    },
  };
}

let joined: { readonly time: Promise<SkippedTime>; users: number } | null = null;

/** One server for all who use it at the same time; the last to close it ends it. */
export async function startSkippedTime(): Promise<SkippedTime> {
  joined ??= { time: openSkippedTime(TEST_PAYLOAD_KEYS), users: 0 };
  const mine = joined;
  mine.users += 1;
  const time = await mine.time;
  const close = async () => {
    mine.users -= 1;
    if (mine.users > 0) return;
    joined = null;
    await time.close();
  };
  return { ...time, close };
}
