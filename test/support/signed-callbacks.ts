import { readFile } from 'node:fs/promises';
import { signCallback } from '../../src/gateway/callback';
import type { Stack } from './stack';

export interface SignedParts {
  readonly status: string;
  readonly orderId: string;
  readonly clientOrderId: string;
}

/** Sends callbacks as the gateway would, or anyone who has seen one: signed with the stack's control key. */
export async function createCaller(stack: Stack) {
  const controlKey = (await readFile(stack.environment.worker.GATEWAY_CONTROL_KEY_FILE ?? '', 'utf8')).trim();
  /** The HTTP status of the answer. `type` is not signed. */
  return async (parts: SignedParts, type = 'payout'): Promise<number> => {
    const { status, orderId, clientOrderId } = parts;
    const control = signCallback(parts, controlKey);
    const query = new URLSearchParams({ status, orderid: orderId, client_orderid: clientOrderId, type, control });
    return (await fetch(`${stack.api}/callbacks/default?${query}`)).status;
  };
}
