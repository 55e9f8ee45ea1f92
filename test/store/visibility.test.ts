import type { Client } from '@temporalio/client';
import { createVisibility } from '../../src/store/visibility';
import { createDataConverter, createEncoder } from '../../src/temporal/data-converter';
import { TEST_PAYLOAD_KEYS } from '../support/payload-keys-of-tests';

const sealing = createDataConverter(TEST_PAYLOAD_KEYS);
const inClear = createDataConverter(null);
const NAMESPACE = 'default';
const json = (value: unknown) => ({ data: Buffer.from(JSON.stringify(value)) });

async function execution(workflowId: string, memo: 'sealed' | 'in clear' | 'of another' | 'none') {
  const owner = { namespace: NAMESPACE, workflowId: memo === 'of another' ? 'payout:other' : workflowId };
  const [fingerprint] = await createEncoder(memo === 'in clear' ? inClear : sealing, owner)(['x']);
  return {
    execution: { workflowId, runId: 'run' },
    type: { name: 'payout' },
    status: 5,
    startTime: { seconds: 1_732_276_800, nanos: 5_999_999 },
    closeTime: { seconds: 1_732_276_801, nanos: 0 },
    memo: { fields: memo === 'none' ? {} : { fingerprint } },
    searchAttributes: {
      indexedFields: {
        ...{ PayoutState: json('open'), GatewayOrderId: json(['42']), Odd: { data: null } },
        PayoutTags: json(['refund', 'week-48']),
      },
    },
  };
}

function open(replies: { list?: () => Promise<unknown>; count?: () => Promise<unknown> }) {
  const listWorkflowExecutions = jest.fn(replies.list ?? (async () => ({})));
  const countWorkflowExecutions = jest.fn(replies.count ?? (async () => ({})));
  const client = { workflowService: { listWorkflowExecutions, countWorkflowExecutions } } as unknown as Client;
  const visibility = createVisibility({
    call: async (run) => await run(client),
    namespace: NAMESPACE,
    dataConverter: sealing,
  });
  return { visibility, listWorkflowExecutions, countWorkflowExecutions };
}
const FIRST = { size: 100, token: null };

it('a run is read from what is stored, without its history', async () => {
  const executions = [await execution('payout:A', 'sealed')];
  const { visibility } = open({ list: async () => ({ executions, nextPageToken: Buffer.from('next') }) });
  expect(await visibility.list('q', FIRST)).toEqual({
    runs: [
      {
        ...{ workflowId: 'payout:A', runId: 'run', type: 'payout', status: 'Terminated' },
        ...{ startedAtMs: 1_732_276_800_005, closedAtMs: 1_732_276_801_000, hasReadableMemo: true },
        attributes: { PayoutState: 'open', GatewayOrderId: '42', Odd: null, PayoutTags: ['refund', 'week-48'] },
      },
    ],
    next: Buffer.from('next'),
  });
});

it('a memo that is not encrypted for its workflow is reported, and hides no other run', async () => {
  const executions = await Promise.all(
    (['sealed', 'in clear', 'of another', 'none'] as const).map((memo, at) => execution(`payout:${at}`, memo)),
  );
  const { runs, next } = await open({
    list: async () => ({ executions, nextPageToken: new Uint8Array() }),
  }).visibility.list('q', FIRST);
  expect(runs.map(({ hasReadableMemo }) => hasReadableMemo)).toEqual([true, false, false, false]);
  expect(next).toBeNull();
});

it('equal questions at the same time are asked once, others and later ones apart', async () => {
  const { visibility, listWorkflowExecutions, countWorkflowExecutions } = open({ count: async () => ({ count: 3 }) });
  expect(await Promise.all([visibility.count('q'), visibility.count('q'), visibility.count('other')])).toEqual([
    3, 3, 3,
  ]);
  expect(countWorkflowExecutions).toHaveBeenCalledTimes(2);
  await visibility.count('q');
  expect(countWorkflowExecutions).toHaveBeenCalledTimes(3);
  const token = Buffer.from('t');
  await Promise.all(
    [FIRST, FIRST, { size: 100, token }, { size: 99, token: null }].map((page) => visibility.list('q', page)),
  );
  expect(listWorkflowExecutions).toHaveBeenCalledTimes(3);
});

it('a failure is given to those who wait, and kept for no one', async () => {
  let isAway = true;
  const count = async () => {
    if (isAway) throw new Error('away');
    return { count: 1 };
  };
  const { visibility, countWorkflowExecutions } = open({ count });
  const waiting = [visibility.count('q'), visibility.count('q')];
  for (const asked of waiting) await expect(asked).rejects.toThrow('away');
  expect(countWorkflowExecutions).toHaveBeenCalledTimes(1);
  isAway = false;
  expect(await visibility.count('q')).toBe(1);
});
