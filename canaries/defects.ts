import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { METADATA_ENCODING_KEY, type Payload, type PayloadConverter } from '@temporalio/common';
import { PAYOUTS_TASK_QUEUE } from '../src/workflows/messages';
import type { Stack } from '../test/e2e/stack';
import type { MarkerBook } from './marker';

/** A converter whose payloads claim to be JSON and are the text as it is: reading one fails with an error that quotes it. */
const BROKEN_JSON: PayloadConverter = {
  toPayload: <T>(value: T): Payload => ({
    metadata: { [METADATA_ENCODING_KEY]: Buffer.from('json/plain') },
    data: Buffer.from(String(value)),
  }),
  fromPayload: <T>(): T => {
    throw new Error('not read');
  },
};

const ANSWERED_WITHIN_MS = 3_000;

/**
 * Makes workflow code fail with data in hand, as a defect would: sealed inputs, signals and updates that are not what they should be.
 * @returns how many were made to fail
 */
export async function causeDefects(book: MarkerBook, stack: Stack, openId: string): Promise<number> {
  const connection = await Connection.connect({ address: stack.temporalAddress });
  try {
    const { namespace, dataConverter } = stack;
    const client = new Client({ connection, namespace, dataConverter });
    const word = (field: string) => book.words(`defect: ${field}`, { isPlain: true });
    const request = { amount: word('amount'), currency: word('currency'), destination: word('destination') };
    const inputs: readonly unknown[] = [
      { request, endpoint: 'default', policy: word('policy') },
      {
        request: { ...request, destination: { type: 'card', cardNumber: { [word('name')]: 1 } } },
        endpoint: 'default',
      },
      word('a text for an input'),
    ];
    const broken: WorkflowHandle[] = [];
    for (const [nth, input] of inputs.entries()) {
      const workflowId = `payout:${openId}-defect-${nth}`;
      broken.push(await client.workflow.start('payout', { workflowId, taskQueue: PAYOUTS_TASK_QUEUE, args: [input] }));
    }
    const quoting = new Client({ connection, namespace, dataConverter: { ...dataConverter } });
    Object.assign(quoting.options.loadedDataConverter, { payloadConverter: BROKEN_JSON });
    const open = client.workflow.getHandle(`payout:${openId}`);
    await open.signal('callback', { report: { source: 'callback', status: word('status') } });
    await quoting.workflow.getHandle(`payout:${openId}`).signal('callback', word('broken JSON'));
    const ask = (asking: () => Promise<unknown>) => connection.withDeadline(Date.now() + ANSWERED_WITHIN_MS, asking);
    // They may fail or not be answered at all: what is written on the way is what counts.
    await ask(() =>
      open.executeUpdate('operate', { args: [{ action: word('action'), reason: word('update') }] }),
    ).catch(() => null);
    await ask(() => open.query('payout', word('argument of a query'))).catch(() => null);
    return broken.length + 1;
  } finally {
    await connection.close();
  }
}
