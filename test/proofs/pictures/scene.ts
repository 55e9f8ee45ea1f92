import { follow } from '../../support/payouts';
import { type Stack, startStack } from '../../support/stack';

/** Each payout shown: how it is asked for, and the state it must have before pictures are taken. */
const PLAYS = {
  approved: { id: 'PO-000101', amount: '1250.00', digits: '000', state: 'approved' },
  reversed: { id: 'PO-000102', amount: '80.00', digits: '715', state: 'approved' },
  declined: { id: 'PO-000103', amount: '410.90', digits: '116', state: 'declined' },
  review: { id: 'PO-000104', amount: '99.00', digits: '712', state: 'needs_review' },
  form: { id: 'PO-000105', amount: '640.00', digits: '321', state: 'awaiting_receiver' },
  collect: { id: 'PO-000106', amount: '35.20', digits: null, state: 'awaiting_details' },
  unconfirmed: { id: 'PO-000107', amount: '2300.00', digits: '505', state: 'unconfirmed' },
  waiting: { id: 'PO-000108', amount: '18.75', digits: '611', state: 'processing' },
} as const;

export type PlayName = keyof typeof PLAYS;

/** A running system in which everything that a picture shows has happened. */
export interface Scene {
  /** Base URLs. */
  readonly api: string;
  readonly temporalUi: string;
  /** `clientOrderId` of each play. */
  readonly ids: Readonly<Record<PlayName, string>>;
  readonly receiverPages: Readonly<Record<PlayName, string>>;
  readonly close: () => Promise<void>;
}

/** The gateway is made fast; the product keeps its own pauses, since pages show them. */
const SETTINGS = { processingMs: 1_500, callbackDelayMs: 200, reversalDelayMs: 1_500 };

async function play(stack: Stack, name: PlayName): Promise<string> {
  const { id: clientOrderId, amount, digits, state: expected } = PLAYS[name];
  if (digits === null) {
    const body = { clientOrderId, amount, currency: 'EUR', description: 'Demonstration', collect: 'receiver' };
    const headers = { 'content-type': 'application/json' };
    await stack.request('/payouts', { method: 'POST', headers, body: JSON.stringify(body) });
  } else {
    await stack.createPayout({ clientOrderId, amount, digits });
  }
  const payout = await follow(stack, clientOrderId).until(
    `to be ${expected}`,
    ({ state }) => state === expected,
    120_000,
  );
  return (payout as unknown as { receiverPage: string }).receiverPage;
}

/** @throws with the log of what did not come up, or the payout that did not come to where it should; nothing is left running */
export async function openScene(): Promise<Scene> {
  const stack = await startStack({ temporalUi: true, settings: SETTINGS });
  try {
    const names = Object.keys(PLAYS) as PlayName[];
    const pages = await Promise.all(names.map(async (name) => [name, await play(stack, name)] as const));
    await stack.waitFor('the reversal to be kept', async () => {
      const { body } = await stack.request<{ lateEvents: unknown[] }>(`/payouts/${PLAYS.reversed.id}`);
      return body.lateEvents.length > 0 ? body : null;
    });
    return {
      api: stack.api,
      temporalUi: String(stack.temporalUi),
      ids: Object.fromEntries(names.map((name) => [name, PLAYS[name].id])) as Record<PlayName, string>,
      receiverPages: Object.fromEntries(pages) as Record<PlayName, string>,
      close: stack.stop,
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}
