import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { toClientOrderId, toOrderId } from '../../../src/domain/ids';
import type { PayoutRequest } from '../../../src/domain/payout-request';
import { makeClient, startLoopback } from '../../gateway/loopback-gateway';
import { CLIENT_ORDER_ID, ORDER_ID, type RealReply } from './replies';
import type { Outcome } from './reply-oracle';

const IDS = { clientOrderId: toClientOrderId(CLIENT_ORDER_ID), orderId: toOrderId(ORDER_ID) };
const PAYOUT: PayoutRequest = {
  clientOrderId: IDS.clientOrderId,
  amount: '10.50',
  currency: 'EUR' as PayoutRequest['currency'],
  receiver: {},
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
  extraFields: {},
};
const SUBMIT = {
  callbackUrl: 'https://cp.example.org/callbacks/default',
  redirectUrl: null,
  recordSend: async () => true,
};
/** So long a call that was written may be on its way to the gateway, on a busy machine. */
const READ_WITHIN_MS = 5_000;

type Lane = Awaited<ReturnType<typeof openLane>>;
/** One exchange that was played: what came of it, and what the gateway saw. */
export type Played = Awaited<ReturnType<Lane['play']>>;

/**
 * A gateway on a loopback socket and the product's client before it; one call at a time.
 * @param answerMs how long the client waits for an answer
 */
export async function openLane(answerMs: number) {
  let current: (socket: Socket) => void = () => undefined;
  let socketInUse: Socket | null = null;
  const gateway = await startLoopback((socket) => {
    socketInUse = socket;
    current(socket);
  });
  const make = (replyFormat: 'form' | 'json') =>
    makeClient(gateway.baseUrl, { replyFormat, timeouts: { connectMs: 5_000, answerMs } });
  const clients = { form: make('form'), json: make('json') };

  async function call({ command, format }: Pick<RealReply, 'command' | 'format'>): Promise<Outcome> {
    const client = clients[format];
    try {
      if (command === 'status') return { answer: await client.fetchOrderStatus(IDS, { timeoutMs: answerMs + 5_000 }) };
      return { submitted: await client.submitPayout(PAYOUT, { ...SUBMIT, deadlineMs: Date.now() + 10_000 }) };
    } catch (error) {
      return { failed: error instanceof Error ? error.name : typeof error };
    }
  }

  return {
    async play(reply: Pick<RealReply, 'command' | 'format'>, answer: (socket: Socket) => void) {
      current = answer;
      socketInUse = null;
      const before = gateway.requests.length;
      const outcome = await call(reply);
      const countRequests = (): number => gateway.requests.length - before;
      // A call that is given up early may be over before the other side has read it, and would be taken for one of the next.
      const untilMs = performance.now() + READ_WITHIN_MS;
      while (countRequests() === 0 && performance.now() < untilMs) await sleep(5);
      /** Bytes of the answer that left the gateway before the connection ended. */
      const bytesTaken = (socketInUse as Socket | null)?.bytesWritten ?? 0;
      return { outcome, requests: countRequests(), bytesTaken };
    },
    async close() {
      await Promise.all([clients.form.close(), clients.json.close()]);
      await gateway.close();
    },
  };
}
