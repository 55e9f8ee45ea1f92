import { toClientOrderId } from '../../src/domain/ids';
import type { LimitClaim } from '../../src/domain/limits';
import { EUR } from '../domain/samples';
import type { Path } from './scene';
import { found, NOT_FOUND } from './scripted-gateway';

/** Each path has a tenant of its own, so that none takes from the limit of another. */
export function claimOf(tenant: string, fields: Partial<LimitClaim> = {}): LimitClaim {
  return {
    ...({ tenant, key: 'daily', rule: 'daily', window: 'day', zone: 'UTC', over: 'wait' } as const),
    ...{ capMinor: 1_500, amountMinor: 1_050, currency: EUR },
    ...fields,
  };
}

const limitedTo =
  (tenant: string, fields: Partial<LimitClaim> = {}): NonNullable<Path['gate']> =>
  () => ({ limits: [claimOf(tenant, fields)] });
const says = (status: 'approved' | 'declined' | 'error') => () => ({ status: () => found(status) });
const NO_ROOM = { capMinor: 1_000 };

/** Payouts that take from a limit. */
export const LIMIT_PATHS: readonly Path[] = [
  { name: 'limit-paid', gate: limitedTo('limit-paid'), gateway: says('approved'), ends: 'closed' },
  {
    ...{ name: 'limit-of-a-tenant', tenant: 'limit-of-a-tenant', gate: limitedTo('limit-of-a-tenant') },
    ...{ gateway: says('approved'), ends: 'closed' },
  },
  { name: 'limit-unpaid', gate: limitedTo('limit-unpaid'), gateway: says('declined'), ends: 'closed' },
  {
    name: 'limit-in-doubt',
    gate: limitedTo('limit-in-doubt'),
    gateway: () => ({
      submit: () => ({ outcome: 'unconfirmed', cause: 'timeout', orderId: null }),
      status: () => NOT_FOUND,
    }),
    act: async ({ sleep }) => await sleep('3d'),
    ends: 'open',
  },
  {
    name: 'limit-refused',
    gate: limitedTo('limit-refused', { ...NO_ROOM, over: 'refuse' }),
    gateway: says('approved'),
    ends: 'closed',
  },
  {
    name: 'limit-waits',
    gate: limitedTo('limit-waits'),
    // Another payout has half of it until its day ends.
    prepare: async ({ holdLimit }) =>
      void (await holdLimit({ clientOrderId: toClientOrderId('other'), claims: [claimOf('limit-waits')] })),
    gateway: says('approved'),
    ends: 'closed',
  },
  {
    name: 'limit-cancelled',
    gate: limitedTo('limit-cancelled', NO_ROOM),
    gateway: says('approved'),
    act: async ({ sleep, operate }) => {
      await sleep('90m');
      await operate({ id: 'cancel-1', action: 'cancel', actor: 'anna', reason: 'not needed any more' });
    },
    ends: 'closed',
  },
  {
    name: 'limit-cancelled-while-asked',
    gate: limitedTo('limit-cancelled-while-asked'),
    // It was settled a moment ago: for a minute the answer is that it is asked too late, which is tried again.
    prepare: async ({ settleLimit }) => {
      const claims = [claimOf('limit-cancelled-while-asked')];
      await settleLimit({ clientOrderId: toClientOrderId('limit-cancelled-while-asked'), claims, how: 'release' });
    },
    gateway: says('approved'),
    // It stays open for three minutes after its end.
    subscriber: () => ({
      storing: (nth) => {
        if (nth < 10) throw new Error('the server is out of reach');
      },
    }),
    act: async ({ sleep, operate }) => {
      await sleep('5s');
      await operate({ id: 'cancel-1', action: 'cancel', actor: 'anna', reason: 'not needed any more' });
    },
    ends: 'closed',
  },
];
