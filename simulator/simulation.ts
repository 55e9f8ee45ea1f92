import type { CallbackDelivery } from './callbacks/callback-delivery';
import type { SimulatorConfig } from './config';
import type { ForcedScenarios } from './forced-scenarios';
import type { Ledger } from './orders/ledger';
import type { Lifecycle } from './orders/lifecycle';
import type { Order } from './orders/order';
import type { OrderBook } from './orders/order-book';
import type { RequestLog } from './request-log';
import type { Settings } from './settings';
import type { NonceMemory } from './wire/nonce-memory';
import type { SerialNumbers } from './wire/serial-numbers';

/** Everything the routes work with; made when the simulator is built, alive from start to stop. */
export interface Simulation {
  readonly config: SimulatorConfig;
  readonly ledger: Ledger;
  readonly orders: OrderBook;
  readonly lifecycle: Lifecycle;
  readonly delivery: CallbackDelivery;
  readonly requests: RequestLog;
  readonly serials: SerialNumbers;
  readonly nonces: NonceMemory;
  readonly forced: ForcedScenarios;
  readonly now: () => number;
  settings(): Settings;
  changeSettings(change: Partial<Settings>): Settings;
  settingsOf(order: Pick<Order, 'settings'>): Settings;
  /** Where callers and browsers reach the gateway, with the context path and no slash at the end. */
  publicBaseUrl(): string;
}
