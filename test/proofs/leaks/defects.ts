import { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { DEFAULT_POLICY } from '../../../src/domain/poll-plan';
import { PAYOUTS_TASK_QUEUE } from '../../../src/workflows/messages';
import type { Stack } from '../../support/stack';
import { withClient } from '../../support/temporal-client';
import type { MarkerBook } from './marker';
import { writePayoutBody } from './payout-body';

/** Makes a JSON text into one without quotes, which is none: the error of who reads it quotes it. */
const UNQUOTE: PayloadCodec = {
  encode: async (payloads) =>
    payloads.map(({ metadata = null, data }) => ({
      ...{ metadata, data: Buffer.from(`${Buffer.from(data ?? [])}`.replaceAll('"', '')) },
    })),
  decode: async (payloads) => payloads,
};

const ANSWERED_WITHIN_MS = 3_000;

/**
 * Makes the worker fail with data in hand, as a defect would: sealed inputs, signals and updates that are not what they should be.
 * @returns how many workflows were made to fail
 */
export function causeDefects(book: MarkerBook, stack: Stack, openId: string): Promise<number> {
  return withClient(stack, async (client) => {
    const { connection } = client;
    const { namespace, dataConverter } = stack;
    const payloadCodecs = [UNQUOTE, ...(dataConverter.payloadCodecs ?? [])];
    const quoting = new Client({ connection, namespace, dataConverter: { ...dataConverter, payloadCodecs } });
    const word = (field: string) => book.words(`defect: ${field}`, { isPlain: true });
    const body = (nth: number) =>
      writePayoutBody(book, { clientOrderId: `${openId}-defect-${nth}`, digits: '000', type: 'card' });
    const input = { endpoint: 'default', acceptedAtMs: Date.now(), policy: DEFAULT_POLICY, redirectUrl: null };
    const inputs: readonly unknown[] = [
      { ...input, request: body(0), policy: { ...DEFAULT_POLICY, submitTimeoutMs: word('a duration') } },
      { ...input, request: { ...body(1), destination: { type: 'card', cardNumber: { [word('a name')]: word('x') } } } },
      { ...input, request: { ...body(2), destination: null, description: word('description') } },
      { ...input, request: body(3), callbackUrl: word('address') },
      word('a text for an input'),
    ];
    const start = (by: Client, name: string, args: unknown[]) =>
      by.workflow.start('payout', { workflowId: `payout:${openId}-${name}`, taskQueue: PAYOUTS_TASK_QUEUE, args });
    for (const [nth, args] of inputs.entries()) await start(client, `defect-${nth}`, [args]);
    await start(quoting, 'defect-quoted', [word('quoted input')]);
    const open = client.workflow.getHandle(`payout:${openId}`);
    await open.signal('callback', { report: { source: 'callback', status: word('status') } });
    // They may fail or not be answered at all: what is written on the way is what counts.
    const ask = (asking: () => Promise<unknown>) =>
      connection.withDeadline(Date.now() + ANSWERED_WITHIN_MS, asking).catch(() => null);
    await ask(() => open.executeUpdate('operate', { args: [{ action: word('act'), reason: word('why') }] }));
    await ask(() => open.query('payout', word('argument of a query')));
    await quoting.workflow.getHandle(`payout:${openId}`).signal('callback', word('quoted signal'));
    return inputs.length + 2;
  });
}
