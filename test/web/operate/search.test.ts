import { readSearch } from '../../../web/operate/search.js';

it.each([
  ['', {}],
  ['PO-1', { clientOrderId: 'PO-1*' }],
  [' PO-1* ', { clientOrderId: 'PO-1*' }],
  ['6768788', { orderId: '6768788' }],
  ['10.50 eur', { amount: '10.50', currency: 'EUR' }],
  ['500JPY', { amount: '500', currency: 'JPY' }],
])('%j is %j', (typed, filters) => {
  expect(readSearch(typed)).toEqual(filters);
});

it.each(['0035', '10.50', 'PO 1', '-5 EUR', "P' OR 'x'='x", '123456789012345678901'])('%j can be nothing', (typed) => {
  expect(() => readSearch(typed)).toThrow('Search for a clientOrderId or its beginning');
});
