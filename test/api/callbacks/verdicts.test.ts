import { TemporalUnavailable } from '../../../src/store/errors';
import { makeFinal } from '../../domain/samples';
import { makeApp, makeReading, makeStore } from '../app-harness';

const SIGNED =
  'status=approved&orderid=6768788&client_orderid=PO-000001&merchant_order=PO-000001&type=payout&control=4532d5c4877bd037b0edcaec3788c9eef0b561bd';

async function judge(query: string, store = makeStore(), { endpoint = 'default', times = 1 } = {}) {
  const verdicts: [string | null, string][] = [];
  const observer = {
    onCallback: (name: string | null, verdict: string) => verdicts.push([name, verdict]),
    onAgreement: () => {},
  };
  const { app } = await makeApp({ store, observer });
  for (let nth = 0; nth < times; nth += 1) await app.inject({ method: 'GET', url: `/callbacks/${endpoint}?${query}` });
  return verdicts;
}

const closed = (keepLate: 'kept' | 'agrees' | 'full') =>
  makeStore({
    signalCallback: async () => 'closed',
    read: async () => makeReading(makeFinal('approved')),
    keepLate: async () => keepLate,
  });

it('each callback has one verdict, and a name that is not configured is no label', async () => {
  const away = makeStore({
    signalCallback: async () => {
      throw new TemporalUnavailable();
    },
  });
  const unknown = makeStore({ signalCallback: async () => 'unknown' });
  expect(await judge(SIGNED, makeStore(), { times: 2 })).toEqual([
    ['default', 'taken'],
    ['default', 'repeated'],
  ]);
  expect(await judge(SIGNED, closed('agrees'))).toEqual([['default', 'agrees']]);
  expect(await judge(SIGNED, closed('kept'))).toEqual([['default', 'late']]);
  expect(await judge(SIGNED, closed('full'))).toEqual([['default', 'full']]);
  expect(await judge(SIGNED, unknown)).toEqual([['default', 'unmatched']]);
  expect(await judge(SIGNED, away)).toEqual([['default', 'not_stored']]);
  expect(await judge(SIGNED.replace('approved', 'declined'))).toEqual([['default', 'bad_control']]);
  expect(await judge(`${SIGNED}&status=approved`)).toEqual([['default', 'malformed']]);
  expect(await judge(SIGNED, makeStore(), { endpoint: 'MARKER' })).toEqual([[null, 'unknown_endpoint']]);
  const flood = await judge('control=wrong', makeStore(), { times: 70 });
  expect(flood).toHaveLength(70);
  expect(flood.at(-1)).toEqual(['default', 'turned_away']);
});
