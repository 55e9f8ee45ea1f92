import type { Marker } from '../marker';
import type { Audience, Kind } from '../planted';
import { PLANTED } from '../planted';
import { describeHits } from '../report';
import { searchAll } from '../search-all';

const VALUE = 'Qabcdefghijkl';
const marker = (kind: Kind, of: string | null = null): Marker => ({
  field: 'test',
  value: VALUE,
  sought: [VALUE],
  kind,
  of,
});
const hitsOf = (found: Marker, said: { audience?: Audience | null; of?: string | null }) =>
  searchAll([found], { written: [{ place: 'x', name: 'x', bytes: Buffer.from(VALUE), ...said }], prefix: 'LEAKTEST1' })
    .hits.length;
const AUDIENCES: readonly Audience[] = ['answers', 'timeline', 'receiver', 'codec', 'session', 'subscriber', 'log'];

test.each(Object.entries(PLANTED) as [Kind, readonly Audience[]][])(
  '%s is for its audience alone',
  (kind, notified) => {
    const allowed = AUDIENCES.filter((audience) => hitsOf(marker(kind), { audience }) === 0);
    expect(allowed).toEqual(AUDIENCES.filter((audience) => notified.includes(audience)));
    expect([hitsOf(marker(kind), {}), hitsOf(marker(kind), { audience: null })]).toEqual([1, 1]);
  },
);

test('what belongs to a payout is found in what is said about another', () => {
  const link = marker("Receiver's link", 'PO-1');
  expect(hitsOf(link, { audience: 'answers', of: 'PO-1' })).toBe(0);
  expect(hitsOf(link, { audience: 'answers', of: 'PO-2' })).toBe(1);
  expect(hitsOf(link, { audience: 'answers' })).toBe(1);
});

test('a hit is named by its place and field, also where the place is named after what leaked', () => {
  const written = [{ place: 'history', name: `payout:${VALUE}`, bytes: Buffer.from(`${VALUE} ${VALUE}`) }];
  const { hits, idsByPlace, unsearched } = searchAll([marker('key in a wrong place')], {
    written,
    prefix: 'LEAKTEST1',
  });
  expect(describeHits(hits)).toEqual(['history: test, key in a wrong place (plain) in payout:…, 2 times']);
  expect(idsByPlace).toEqual(new Map([['history', 0]]));
  expect(unsearched).toEqual(['history']);
});
