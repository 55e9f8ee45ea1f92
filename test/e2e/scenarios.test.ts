import { type Followed, follow, type PayoutJson, startPayout } from '../support/payouts';
import { QUICK } from '../support/quick';
import { type Stack, startStack } from '../support/stack';

interface End {
  readonly state: string;
  /** Orders in the gateway's ledger: exactly so many. */
  readonly orders: 0 | 1;
  readonly attention?: string | null;
  readonly confirmed?: boolean;
  readonly settledBy?: string;
  readonly reasonCode?: string | null;
}

/** The right end of every row of the simulator's table, and what its ledger must hold then. */
const ENDS: Readonly<Record<string, End>> = {
  approved: { state: 'approved', orders: 1, attention: null, confirmed: true },
  declined: { state: 'declined', orders: 1, attention: null, confirmed: true, reasonCode: '116' },
  filtered: { state: 'filtered', orders: 1, attention: null, confirmed: true },
  error: { state: 'error', orders: 1, attention: 'ended_in_error', confirmed: true },
  slow: { state: 'approved', orders: 1, attention: null, confirmed: true },
  stays_processing: { state: 'needs_review', orders: 1, attention: 'deadline_passed' },
  refuses: { state: 'rejected', orders: 0, attention: null, settledBy: 'submission' },
  refuses_error: { state: 'rejected', orders: 0, attention: null, settledBy: 'submission' },
  forbidden: { state: 'sending', orders: 0, attention: 'gateway_forbids' },
  accepts_never_answers: { state: 'approved', orders: 1, attention: null, confirmed: true },
  resets_after_accepting: { state: 'approved', orders: 1, attention: null, confirmed: true },
  resets_before_accepting: { state: 'needs_review', orders: 0, attention: 'outcome_unknown' },
  http_500: { state: 'approved', orders: 1, attention: null, confirmed: true },
  http_500_before: { state: 'needs_review', orders: 0, attention: 'outcome_unknown' },
  callback_before_reply: { state: 'approved', orders: 1, attention: null, confirmed: true, settledBy: 'callback' },
  callback_twice: { state: 'approved', orders: 1, attention: null, confirmed: true },
  callback_only: { state: 'approved', orders: 1, attention: null, confirmed: false, settledBy: 'callback' },
  no_callback: { state: 'approved', orders: 1, attention: null, confirmed: true, settledBy: 'poll' },
  other_amount: { state: 'needs_review', orders: 1, attention: 'amount_mismatch' },
  unknown_status_word: { state: 'needs_review', orders: 1 },
  late_acceptance: { state: 'approved', orders: 1, attention: null, confirmed: true },
  reversal_after_approval: { state: 'approved', orders: 1, confirmed: true },
  unknown: { state: 'needs_review', orders: 1, attention: 'deadline_passed' },
  unknown_then_approved: { state: 'approved', orders: 1, attention: null, confirmed: true },
  unknown_then_declined: { state: 'declined', orders: 1, attention: null, confirmed: true },
  wrong_ids: { state: 'approved', orders: 1, attention: null, confirmed: true },
  half_body: { state: 'approved', orders: 1, attention: null, confirmed: true },
  garbage_body: { state: 'approved', orders: 1, attention: null, confirmed: true },
  redirect: { state: 'needs_review', orders: 0, attention: 'outcome_unknown' },
  callback_wrong_control: { state: 'approved', orders: 1, attention: null, confirmed: true },
};

/** Rows with a story of their own: the first below, the second in its own file. */
const OWN_STORY = ['needs_receiver', 'callback_disagrees'];

describe('every scenario of the gateway comes to its right end', () => {
  let stack: Stack;
  const payouts = new Map<string, Followed>();
  let names: string[] = [];

  beforeAll(async () => {
    stack = await startStack({ ...QUICK, temporal: 'own' });
    const { scenarios } = await stack.control<{ scenarios: { name: string; digits: string[] }[] }>('/scenarios');
    names = scenarios.map(({ name }) => name);
    for (const { name, digits } of scenarios) {
      if (!OWN_STORY.includes(name))
        payouts.set(name, await startPayout(stack, `S-${name.replaceAll('_', '-')}`, digits[0]));
    }
  }, 120_000);
  afterAll(async () => stack?.stop(), 60_000);

  test('the table below has every row of the simulator', () => {
    expect([...Object.keys(ENDS), ...OWN_STORY].sort()).toEqual(names.sort());
  });

  test.each(Object.entries(ENDS))(
    '%s',
    async (name, end) => {
      const payout = payouts.get(name) as Followed;
      // What settled on a callback alone is confirmed by a status that comes later.
      const isEnd = ({ state, attention, confirmed }: PayoutJson) =>
        state === end.state &&
        (end.attention === undefined || attention === end.attention) &&
        (end.confirmed !== true || confirmed);
      const ended = await payout.until(`to end ${end.state}`, isEnd, 60_000);
      expect(await payout.accepted()).toBe(end.orders);
      expect(ended.outcome).toBe(['needs_review', 'sending'].includes(end.state) ? null : end.state);
      if (end.confirmed !== undefined) expect(ended.confirmed).toBe(end.confirmed);
      if (end.settledBy !== undefined) expect(ended.settledBy).toBe(end.settledBy);
      if (end.reasonCode !== undefined) expect(ended.reason?.code).toBe(end.reasonCode);
    },
    90_000,
  );

  test('a create call was written to the wire once for every payout that was not refused at once', async () => {
    for (const [name, payout] of payouts) {
      if (name === 'forbidden') continue;
      const creates = (await payout.requests()).filter(({ route }) => route.includes('payout'));
      expect({ name, creates: creates.length }).toEqual({ name, creates: 1 });
    }
  });

  test('no redirect of the gateway was followed', async () => {
    expect((await stack.control<{ redirectsFollowed: number }>('/stats')).redirectsFollowed).toBe(0);
  });

  test('the Receiver is led through the form, and submitting it leads to approval', async () => {
    const payout = await startPayout(stack, 'S-receiver-submits', '321');
    const { redirectTo } = await payout.until('to need the Receiver', ({ state }) => state === 'awaiting_receiver');
    const page = await fetch(String(redirectTo));
    expect(page.status).toBe(200);
    const html = await page.text();
    const fields = [...html.matchAll(/<input[^>]*name="([^"]+)"[^>]*>/g)].map(
      ([, field]) => [field, '1234'] as [string, string],
    );
    const submitted = await fetch(String(redirectTo), {
      method: 'POST',
      body: new URLSearchParams([...fields, ['choice', 'submit']]),
    });
    expect(submitted.status).toBe(200);
    const approved = await payout.until('to be approved', ({ state }) => state === 'approved');
    expect(approved).toMatchObject({ confirmed: true, redirectTo: null });
    expect(await payout.accepted()).toBe(1);
  }, 60_000);

  test('the final redirect lands on a page that believes nothing', async () => {
    const body = new URLSearchParams({ status: 'approved', orderid: '1', client_orderid: 'S-refuses', control: 'x' });
    const landing = await fetch(`${stack.api}/r/return`, { method: 'POST', body });
    expect(landing.status).toBe(200);
    expect(await landing.text()).not.toContain('approved');
    expect((await follow(stack, 'S-refuses').read()).state).toBe('rejected');
  });

  test('a reversal after approval is answered 200, calls for attention and leaves the final as it is', async () => {
    const payout = payouts.get('reversal_after_approval') as Followed;
    await stack.waitFor('the reversal to be answered', async () => {
      const answers = (await payout.ledger()).filter(
        ({ kind, httpStatus }) => kind === 'callback_answer' && httpStatus === 200,
      );
      return answers.length >= 2 ? answers : null;
    });
    await payout.until('to call for attention', ({ attention }) => attention === 'post_payout_event');
    expect(await payout.read()).toMatchObject({ state: 'approved', outcome: 'approved', confirmed: true });
  }, 60_000);

  test('a forged callback is refused with 403 and changes nothing', async () => {
    const before = await follow(stack, 'S-stays-processing').read();
    const { orderId } = before;
    const { answers } = await stack.control<{ answers: { httpStatus: number }[] }>(`/orders/${orderId}/callback`, {
      status: 'approved',
      wrongControl: true,
      times: 3,
    });
    expect(answers.map(({ httpStatus }) => httpStatus)).toEqual([403, 403, 403]);
    const after = await follow(stack, 'S-stays-processing').read();
    expect(after.outcome).toBeNull();
    expect(
      (await follow(stack, 'S-stays-processing').timeline()).filter(({ source }) => source === 'callback'),
    ).toEqual([]);
  });
});
