import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Stack } from './stack';

export interface SignedParts {
  readonly status: string;
  readonly orderId: string;
  readonly clientOrderId: string;
}

export const sha1 = (text: string): string => createHash('sha1').update(text, 'utf8').digest('hex');

/** The gateway's checksum over the values as they are, as its manual gives it; made without the product. */
export function signAsGateway({ status, orderId, clientOrderId }: SignedParts, controlKey: string): string {
  return sha1(`${status}${orderId}${clientOrderId}${controlKey}`);
}

/** Sends a callback as the gateway would, or anyone who has seen one. `type` is not signed. @returns the HTTP status of the answer */
export async function sendCallback(
  api: string,
  parts: SignedParts,
  options: { controlKey: string; endpoint?: string; type?: string; headers?: Record<string, string> },
): Promise<number> {
  const { controlKey, endpoint = 'default', type = 'payout', headers = {} } = options;
  const { status, orderId, clientOrderId } = parts;
  const control = signAsGateway(parts, controlKey);
  const query = new URLSearchParams({ status, orderid: orderId, client_orderid: clientOrderId, type, control });
  return (await fetch(`${api}/callbacks/${endpoint}?${query}`, { headers })).status;
}

/** Sends callbacks of the stack's own endpoint. */
export async function createCaller(stack: Stack) {
  const controlKey = (await readFile(stack.environment.worker.GATEWAY_CONTROL_KEY_FILE ?? '', 'utf8')).trim();
  return (parts: SignedParts, type = 'payout') => sendCallback(stack.api, parts, { controlKey, type });
}
