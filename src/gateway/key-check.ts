import { randomBytes } from 'node:crypto';
import { toClientOrderId } from '../domain/ids';
import type { StatusAnswer } from '../domain/order-report';
import type { GatewayClient } from './client';

/**
 * What a gateway's answers say about our control key. `proven`: it answers wrong keys alike and ours differently. `untold`: it answers
 * ours like a wrong one: the key is wrong, or this gateway does not tell. `unanswered`: it could not be asked.
 */
export type KeyCheck = 'proven' | 'unproven' | 'unanswered';

/**
 * Asks for an order that cannot exist, with our control key and with two wrong ones. Which code or text means a wrong control is
 * not documented, and an unknown order is an error answer too: only the difference between the answers says that our key was taken
 * for the right one. Two wrong ones, because a text may repeat what was sent and so differ each time. Moves no money; never throws.
 */
export async function checkControlKey(
  gateway: Pick<GatewayClient, 'fetchOrderStatus'>,
  timeoutMs: number,
): Promise<KeyCheck> {
  const ids = { clientOrderId: toClientOrderId(`KeyCheck-${randomBytes(12).toString('hex')}`), orderId: null };
  const makeKey = () => randomBytes(16).toString('hex');
  try {
    const ours = await gateway.fetchOrderStatus(ids, { timeoutMs });
    const wrong = await gateway.fetchOrderStatus(ids, { timeoutMs, controlKey: makeKey() });
    const wrongToo = await gateway.fetchOrderStatus(ids, { timeoutMs, controlKey: makeKey() });
    return [readCode, readWhole].some((read) => isProven([ours, wrong, wrongToo].map(read))) ? 'proven' : 'unproven';
  } catch {
    return 'unanswered';
  }
}

const readCode = (answer: StatusAnswer) => (answer.found ? 'found' : (answer.reason.code ?? ''));
const readWhole = (answer: StatusAnswer) => (answer.found ? 'found' : JSON.stringify(answer.reason));

function isProven([ours, wrong, wrongToo]: readonly string[]): boolean {
  return wrong === wrongToo && ours !== wrong;
}
