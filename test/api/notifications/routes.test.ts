import { notificationBody } from '../../../src/api/notifications/schemas';
import { NOTIFICATION_TYPES } from '../../../src/domain/notification';
import { TemporalUnavailable } from '../../../src/store/errors';
import type { NotifiedEvent } from '../../../src/store/notification-history';
import type { NotificationStore } from '../../../src/store/notifications';
import { makeApp, makeNotificationStore } from '../app-harness';

const ITEM = {
  subscriber: 'erp',
  clientOrderId: 'PO-000001',
  tenant: 'default',
  state: 'dead',
  sinceMs: 1_732_276_800_000,
} as const;
const EVENT: NotifiedEvent = {
  ...{ id: 'evt_1', type: 'payout.approved', atMs: 1_732_276_800_000, state: 'dead', attempts: 12 },
  ...{ problem: 'answered 500', nextAtMs: null, settledAtMs: 1_732_536_000_000 },
};
const READ: NotificationStore['of'] = async () => [{ subscriber: 'erp', sinceMs: 1, events: [EVENT], problem: null }];

async function inject(method: 'GET' | 'POST', url: string, options: Parameters<typeof makeNotificationStore>[0] = {}) {
  const store = {
    list: jest.fn(options.list ?? (async () => ({ notifications: [ITEM], next: Buffer.from('next') }))),
    of: jest.fn(options.of ?? READ),
    resend: jest.fn(options.resend ?? (async () => 'asked' as const)),
  };
  const { app } = await makeApp({ notifications: makeNotificationStore(store) });
  const payload = method === 'POST' ? { payload: { reason: 'it is back' } } : {};
  return { store, response: await app.inject({ method, url, ...payload }) };
}

describe('GET /notifications', () => {
  it('lists what could not be delivered, page by page', async () => {
    const { store, response } = await inject('GET', '/notifications?state=dead&limit=10');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      notifications: [
        {
          id: 'erp:PO-000001',
          subscriber: 'erp',
          clientOrderId: 'PO-000001',
          tenant: 'default',
          state: 'dead',
          since: '2024-11-22T12:00:00.000Z',
        },
      ],
      nextCursor: expect.stringMatching(/^bmV4dA\./),
    });
    expect(store.list.mock.calls).toEqual([[{ state: 'dead', tenants: '*', limit: 10, token: null }]]);
    const { nextCursor: cursor } = response.json();
    const after = await inject('GET', `/notifications?state=dead&cursor=${cursor}`);
    expect(after.store.list.mock.calls).toEqual([
      [{ state: 'dead', tenants: '*', limit: 50, token: Buffer.from('next') }],
    ]);
    const other = await inject('GET', `/notifications?state=pending&cursor=${cursor}`);
    expect([other.response.statusCode, other.store.list.mock.calls.length]).toEqual([400, 0]);
  });

  it.each([
    '',
    '?state=told',
    '?state=dead&limit=0',
    '?state=dead&limit=101',
    '?state=dead&cursor=%27',
    '?state=dead&cursor=bmV4dA',
  ])('%p is refused', async (query) => {
    const { store, response } = await inject('GET', `/notifications${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'invalid_request' });
    expect(store.list).toHaveBeenCalledTimes(0);
  });

  it('is 503 while Temporal is away', async () => {
    const list = async () => {
      throw new TemporalUnavailable();
    };
    expect((await inject('GET', '/notifications?state=pending', { list })).response.statusCode).toBe(503);
  });
});

describe('GET /payouts/:clientOrderId/notifications', () => {
  it('tells each event with its deliveries', async () => {
    const { response } = await inject('GET', '/payouts/PO-000001/notifications');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      clientOrderId: 'PO-000001',
      notifications: [
        {
          ...{ id: 'erp:PO-000001', subscriber: 'erp', problem: null },
          events: [
            {
              ...{ id: 'evt_1', type: 'payout.approved', at: '2024-11-22T12:00:00.000Z', state: 'dead', attempts: 12 },
              ...{ problem: 'answered 500', nextAttemptAt: null, settledAt: '2024-11-25T12:00:00.000Z' },
            },
          ],
        },
      ],
    });
  });

  it('is 404 for what is no clientOrderId', async () => {
    const { store, response } = await inject('GET', '/payouts/1x/notifications');
    expect(response.statusCode).toBe(404);
    expect(store.of).toHaveBeenCalledTimes(0);
  });
});

describe('POST /notifications/:id/resend', () => {
  it('has dead events sent again, with actor and reason', async () => {
    const { store, response } = await inject('POST', '/notifications/erp:PO-000001/resend');
    expect(response.statusCode).toBe(202);
    expect(response.json()).toEqual({ id: 'erp:PO-000001', state: 'pending' });
    expect(store.resend.mock.calls).toEqual([
      [
        { subscriber: 'erp', clientOrderId: 'PO-000001', tenants: '*' },
        { actor: 'local', reason: 'it is back' },
      ],
    ]);
  });

  it.each([
    ['not_found', 404, 'not_found'],
    ['not_dead', 409, 'not_allowed'],
  ] as const)('%s is %i %s', async (outcome, status, code) => {
    const { response } = await inject('POST', '/notifications/erp:PO-000001/resend', { resend: async () => outcome });
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
  });

  it.each(['erp', 'ERP:PO-1', 'erp:', 'erp:1', ':PO-1', 'erp:PO-1:x'])('%p belongs to no notification', async (id) => {
    const { store, response } = await inject('POST', `/notifications/${encodeURIComponent(id)}/resend`);
    expect(response.statusCode).toBe(404);
    expect(store.resend).toHaveBeenCalledTimes(0);
  });
});

describe('the OpenAPI document', () => {
  it('describes each event under webhooks, by the schema the bodies keep', async () => {
    const { app } = await makeApp({});
    const { webhooks, components } = (await app.inject('/openapi.json')).json();
    expect(Object.keys(webhooks)).toEqual([...NOTIFICATION_TYPES]);
    const { post } = webhooks['payout.approved'];
    const schema = post.requestBody.content['application/json'].schema;
    expect(schema.required).toEqual(['type', 'version', 'timestamp', 'data']);
    expect(schema.properties.type).toMatchObject({ const: 'payout.approved' });
    expect(schema.properties.data).toMatchObject({ $ref: '#/components/schemas/Payout' });
    expect(Object.keys(components.schemas.Payout.properties)).toContain('settledAt');
    expect(notificationBody('payout.approved').safeParse({ type: 'payout.declined' }).success).toBe(false);
    expect(post.parameters.map(({ name }: { name: string }) => name)).toEqual([
      ...['webhook-id', 'webhook-timestamp', 'webhook-signature'],
    ]);
  });
});
