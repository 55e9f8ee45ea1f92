import {
  completeRequest,
  forgetPersonal,
  isReceiverDetails,
  maskDestination,
  type PayoutRequest,
  readAddress,
} from '../../src/domain/payout-request';
import { COLLECTING, LABELS, REQUEST } from './samples';

const NUMBERS = { bank_account: 'accountNumber', card: 'cardNumber', card_ref: 'cardRefId' } as const;

it.each([
  ['DE89370400440532013000', '••••3000'],
  ['12345678', '••••5678'],
  ['1234567', '••••'],
  ['1', '••••'],
])('an account %s is shown as %s', (accountNumber, shown) => {
  expect(maskDestination({ type: 'bank_account', accountNumber })).toBe(shown);
});

it('a card is shown by its last four digits', () => {
  expect(maskDestination({ type: 'card', cardNumber: '4444333322221111' })).toBe('••••1111');
});

it('a card at the gateway is shown by the last four digits of its reference', () => {
  expect(maskDestination({ type: 'card_ref', cardRefId: '12345678' })).toBe('••••5678');
});

it.each([
  ['bank_account', { type: 'bank_account', accountNumber: 'DE89370400440532013000', bankName: 'MARKER' }, '••••3000'],
  ['card', { type: 'card', cardNumber: '4444333322221111', cardHolder: 'MARKER', expiryYear: '2031' }, '••••1111'],
  ['card_ref', { type: 'card_ref', cardRefId: '12345678' }, '••••5678'],
] as const)('what is forgotten of a payout to a %s', (_type, destination, masked) => {
  const request = {
    clientOrderId: 'PO-1',
    endpoint: 'sepa',
    amount: '10.50',
    currency: 'EUR',
    description: 'MARKER',
    purpose: 'MARKER',
    receiver: { firstName: 'MARKER' },
    destination,
    extraFields: { sender: 'MARKER' },
    ...LABELS,
  } as unknown as PayoutRequest;
  const left = forgetPersonal(request);
  expect(left).toEqual({
    clientOrderId: 'PO-1',
    endpoint: 'sepa',
    amount: '10.50',
    currency: 'EUR',
    receiver: {},
    destination: { type: destination.type, [NUMBERS[destination.type]]: masked },
    extraFields: {},
    ...LABELS,
  });
  expect(forgetPersonal(left)).toEqual(left);
});

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8::ffff:203.0.113.7', '2001:db8::ffff:203.0.113.7'],
  ['', null],
  ['<script>', null],
  ['1'.repeat(46), null],
  [7, null],
  [undefined, null],
])('%j, as a signal may bring it, is taken for the address %j', (value, expected) => {
  expect(readAddress(value)).toBe(expected);
});

describe('the request as it is sent', () => {
  const DETAILS = {
    destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
    receiver: { firstName: 'Mallory', email: 'a@example.com' },
  } as const;

  it('is the caller’s own when it has a destination', () => {
    expect(completeRequest(REQUEST, DETAILS)).toEqual(REQUEST);
  });

  it('is nothing while there is no destination', () => {
    expect(completeRequest(COLLECTING, null)).toBeNull();
  });

  it('has what the Receiver entered, and of the Receiver what the caller said', () => {
    expect(completeRequest(COLLECTING, DETAILS)).toEqual({
      ...{ clientOrderId: 'PO-000001', amount: '10.50', currency: 'EUR', description: 'Invoice 42', extraFields: {} },
      receiver: { firstName: 'José', lastName: "O'Neil", email: 'a@example.com' },
      destination: DETAILS.destination,
    });
  });

  it('has no labels: they are the caller’s alone', () => {
    expect(completeRequest({ ...REQUEST, ...LABELS }, null)).toEqual(REQUEST);
    const collected = completeRequest({ ...COLLECTING, ...LABELS }, DETAILS);
    expect(collected).toEqual(completeRequest(COLLECTING, DETAILS));
  });

  it.each([
    null,
    'x',
    {},
    { destination: null, receiver: {} },
    { destination: { type: 'bank_account' }, receiver: {} },
    { destination: { type: 'bank_account', accountNumber: '' }, receiver: {} },
    { destination: { type: 'card', accountNumber: '1' }, receiver: {} },
    { destination: { type: 'cash', accountNumber: '1' }, receiver: {} },
    { destination: { type: 'card', cardNumber: 4 }, receiver: {} },
    { destination: { type: 'card_ref', cardRefId: '1' }, receiver: {} },
    { destination: DETAILS.destination },
    { destination: DETAILS.destination, receiver: { email: 1 } },
  ])('a signal by hand that holds %j is no details', (value) => {
    expect(isReceiverDetails(value)).toBe(false);
    expect(isReceiverDetails(DETAILS)).toBe(true);
  });
});
