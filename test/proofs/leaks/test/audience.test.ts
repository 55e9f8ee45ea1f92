import { audienceOf } from '../audience';

const NOBODY = { audience: null, of: null };

test.each([
  ['/payouts/PO-1', 200, 'answers', 'PO-1'],
  ['/payouts/PO-1?wait=3', 200, 'answers', 'PO-1'],
  ['/payouts/PO-1/events', 200, 'answers', 'PO-1'],
  ['/payouts/PO-1/check', 200, 'answers', 'PO-1'],
  ['/payouts/PO-1/timeline', 200, 'timeline', 'PO-1'],
  ['/r/PO-1~t3x9qk~AAAAAAAAAAAAAAAAAAAAAA', 200, 'receiver', 'PO-1'],
  ['/r/PO-1~t3x9qk~AAAAAAAAAAAAAAAAAAAAAA/return', 303, 'receiver', 'PO-1'],
  ['/r/PO-1~t3x9qk~AAAAAAAAAAAAAAAAAAAAAA?lang=de', 422, 'receiver', 'PO-1'],
  ['/batches/B-1', 200, 'timeline', 'B-1'],
  ['/batches/B-1/approve', 200, 'timeline', 'B-1'],
  ['/codec', 303, 'session', null],
  ['/me', 200, 'self', null],
])('%s with %d says to %s what is about %s', (route, status, audience, of) => {
  expect(audienceOf({ route, status })).toEqual({ audience, of });
});

test.each([
  ['/payouts/PO-1', 404],
  ['/payouts/PO-1/timeline', 403],
  ['/payouts/PO-1', 0],
  ['/payouts/PO-1/notifications', 200],
  ['/payouts', 200],
  ['/payouts?outcome=approved', 200],
  ['/payouts.csv', 200],
  ['/batches', 200],
  ['/batches/B-1/result', 200],
  ['/batches/B-1', 404],
  ['/payout-counts', 200],
  ['/payout-day', 200],
  ['/attention', 200],
  ['/notifications?state=dead', 200],
  ['/operate', 200],
  ['/openapi.json', 200],
  ['/callbacks/default', 200],
  ['/codec', 401],
  ['/codec/decode', 403],
  ['/r/return', 200],
  ['/r/PO-1~t3x9qk~AAAAAAAAAAAAAAAAAAAAAA', 404],
])('%s with %d says nothing about any payout', (route, status) => {
  expect(audienceOf({ route, status })).toEqual(NOBODY);
});

test('what an address does not say, who asked does', () => {
  expect(audienceOf({ route: '/payouts', status: 202, about: 'PO-1' })).toEqual({ audience: 'answers', of: 'PO-1' });
  expect(audienceOf({ route: '/batches', status: 200, about: 'B-1' })).toEqual({ audience: 'timeline', of: 'B-1' });
  expect(audienceOf({ route: '/codec/decode', status: 200, about: 'PO-1' })).toEqual({ audience: 'codec', of: 'PO-1' });
  expect(audienceOf({ route: '/codec/decode', status: 403, about: 'PO-1' })).toEqual(NOBODY);
});
