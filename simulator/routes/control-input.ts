import type { Order } from '../orders/order';
import type { CallbackVariant } from '../scenario';
import { parseSettings, type Settings } from '../settings';

/** Input of the control API that cannot be used; answered with 400 and this message. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

type Fields = Readonly<Record<string, unknown>>;

function readFields(body: unknown): Fields {
  if (body === undefined || body === null) return {};
  if (typeof body !== 'object' || Array.isArray(body)) throw new ControlError('body: expected a JSON object');
  return body as Fields;
}

function readText(fields: Fields, name: string): string | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || value === '') throw new ControlError(`${name}: expected a text`);
  return value;
}

function readFlag(fields: Fields, name: string, fallback: boolean): boolean {
  const value = fields[name] ?? fallback;
  if (typeof value !== 'boolean') throw new ControlError(`${name}: expected true or false`);
  return value;
}

function readCount(fields: Fields, name: string, most: number): number {
  const value = fields[name] ?? 1;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
    throw new ControlError(`${name}: expected a whole number from 1 to ${most}`);
  }
  return value;
}

export interface ForceInput {
  readonly clientOrderId: string | null;
  readonly count: number;
  readonly scenarioName: string;
  readonly settings: Partial<Settings>;
}

/** @throws ControlError or SettingError for unusable input. */
export function readForce(body: unknown): ForceInput {
  const fields = readFields(body);
  return {
    clientOrderId: readText(fields, 'clientOrderId'),
    count: readCount(fields, 'count', 1_000_000),
    scenarioName: readText(fields, 'scenario') ?? '',
    settings: parseSettings(fields.settings ?? {}),
  };
}

export interface SettlementInput {
  readonly status: string;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly amount: string | null;
  readonly callback: boolean;
}

/** @throws ControlError for unusable input. */
export function readSettlement(body: unknown): SettlementInput {
  const fields = readFields(body);
  const status = readText(fields, 'status');
  if (status === null) throw new ControlError('status: expected a text');
  return {
    status,
    errorCode: readText(fields, 'errorCode'),
    errorMessage: readText(fields, 'errorMessage'),
    amount: readText(fields, 'amount'),
    callback: readFlag(fields, 'callback', true),
  };
}

export interface CallbackOrderInput {
  readonly type: string;
  readonly times: number;
  readonly content: {
    readonly status: string;
    readonly variant: CallbackVariant;
    readonly namedOrderId: string;
    readonly method: 'GET' | 'POST';
  };
}

/** @throws ControlError for unusable input. What is not given is the order's own. */
export function readCallbackOrder(body: unknown, order: Order): CallbackOrderInput {
  const fields = readFields(body);
  const method = readText(fields, 'method') ?? 'GET';
  if (method !== 'GET' && method !== 'POST') throw new ControlError('method: expected GET or POST');
  return {
    type: readText(fields, 'type') ?? 'payout',
    times: readCount(fields, 'times', 1000),
    content: {
      status: readText(fields, 'status') ?? order.status,
      variant: readFlag(fields, 'wrongControl', false) ? 'wrong_control' : 'right',
      namedOrderId: readText(fields, 'orderId') ?? order.orderId,
      method,
    },
  };
}
