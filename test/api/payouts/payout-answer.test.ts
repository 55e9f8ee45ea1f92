import { etagOf, namesTag } from '../../../src/api/payouts/payout-answer';
import { makeFinal, makeFollowed } from '../../domain/samples';
import { makeReading, makeStore, shareApp } from '../app-harness';

const TAG = etagOf(makeFollowed());
const OPAQUE = TAG.slice(3, -1);
const OTHER = etagOf(makeFinal('approved'));

const NAMING = [
  ['the tag', TAG],
  ['the tag as a strong one', `"${OPAQUE}"`],
  ['any', '*'],
  ['any, with blanks', ' * '],
  ['a list that ends with it', `"old", ${TAG}`],
  ['a list that begins with it', `${TAG},"old"`],
  ['a list with empty elements', `, "old" ,, ${TAG},`],
  ['a list in which a tag holds a comma', `"a,b", ${TAG}`],
  ['the tag behind a proxy that compresses', `W/"${OPAQUE}-gzip"`],
  ['the same behind another', `"${OPAQUE}--gzip"`],
  ['the same by brotli', `W/"${OPAQUE};br"`],
] as const;

const NOT_NAMING = [
  ['another tag', OTHER],
  ['a list of others', `"old", W/"older", ${OTHER}`],
  ['the tag without quotes', OPAQUE],
  ['a part of it', `W/"${OPAQUE.slice(1)}"`],
  ['nothing', ''],
  ['any, in quotes', '"*"'],
  ['no tags', 'W/, "'],
] as const;

it.each(NAMING)('%s is named', (_name, header) => expect(namesTag(header, TAG)).toBe(true));
it.each(NOT_NAMING)('%s is not named', (_name, header) => expect(namesTag(header, TAG)).toBe(false));

it('the time of the end is no change: a result has another before and after the workflow applied it', () => {
  const payout = makeFinal('approved');
  expect(etagOf({ ...payout, settledAtMs: (payout.settledAtMs ?? 0) + 1 })).toBe(OTHER);
});

it('a note is a change: who acts should have seen it', () => {
  const entry = { orderId: null, stage: null, serialNumber: null, contradicts: false, atMs: 0, lastAtMs: 0, times: 1 };
  const note = (id: string) => ({
    ...entry,
    ...{ source: 'operator' as const, what: 'note', operator: { id, actor: 'ann', reason: 'seen' } },
  });
  const noted = (...ids: string[]) => etagOf(makeFollowed({ evidence: ids.map(note) }));
  expect(new Set([TAG, noted('1'), noted('1', '2')]).size).toBe(3);
  expect(noted('1')).toBe(noted('1'));
});

const share = shareApp();
async function get(header: string, query = '') {
  const store = makeStore({ readUntil: async () => makeReading(makeFollowed()) });
  const { app } = await share({ store });
  const url = `/payouts/PO-000001${query}`;
  const response = await app.inject({ url, headers: { 'if-none-match': header } });
  return { response, isEnough: store.readUntil.mock.calls[0]?.[1].isEnough };
}

it.each(NAMING)('%s in If-None-Match is 304, and is waited for with wait', async (_name, header) => {
  const { response } = await get(header);
  expect([response.statusCode, response.body, response.headers.etag]).toEqual([304, '', TAG]);
  const waiting = await get(header, '?wait=20');
  expect(waiting.isEnough?.(makeReading(makeFollowed()))).toBe(false);
  expect(waiting.isEnough?.(makeReading(makeFinal('approved')))).toBe(true);
});

it.each(NOT_NAMING)('%s in If-None-Match is 200, at once with wait', async (_name, header) => {
  expect((await get(header)).response.statusCode).toBe(200);
  const waiting = await get(header, '?wait=20');
  expect(waiting.response.statusCode).toBe(200);
  expect(waiting.isEnough?.(makeReading(makeFollowed()))).toBe(true);
});
