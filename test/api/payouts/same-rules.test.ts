import { planForm, readForm } from '../../../src/api/receiver/receiver-form';
import { COLLECT_METHODS } from '../../../src/config/endpoint';
import { fingerprintOf } from '../../../src/store/fingerprint';
import { COLLECTING, START_MS } from '../../domain/samples';
import { ENDPOINT, HASH_KEY, shareApp } from '../app-harness';

const IBAN = 'DE89370400440532013000';
const PAN = '4444333322221111';
const BANK = { type: 'bank_account', accountNumber: IBAN };
const CARD = { type: 'card', cardNumber: PAN };

type Group = Record<string, string>;

const share = shareApp();

/** What a caller's request became, or the names of the fields that were refused. */
async function askApi(destination: Group, receiver: Group) {
  const { app, store } = await share();
  const body = { clientOrderId: 'PO-000001', amount: '10.50', currency: 'EUR', receiver, destination };
  const response = await app.inject({ method: 'POST', url: '/payouts', payload: body });
  const [input, options] = store.start.mock.calls[0] ?? [];
  if (response.statusCode === 202 && input?.request.destination) {
    expect(options?.fingerprint).toBe(fingerprintOf(input.request, HASH_KEY));
    return { destination: input.request.destination, receiver: input.request.receiver };
  }
  expect(response.statusCode).toBe(400);
  return response.json<{ errors: { field: string }[] }>().errors.map(({ field }) => field);
}

/** The same of what a Receiver enters. */
function askPage(destination: Group, receiver: Group) {
  const { type = '', ...fields } = destination;
  const names = [
    ...Object.keys(fields).map((key) => `destination.${key}`),
    ...Object.keys(receiver).map((key) => `receiver.${key}`),
  ];
  const asked = { ...COLLECTING, receiver: {} };
  const plan = planForm(asked, { ...ENDPOINT, requiredFields: names, collect: COLLECT_METHODS }, type);
  const values = [
    ...Object.entries(fields).map(([key, value]) => [`destination.${key}`, value] as const),
    ...Object.entries(receiver).map(([key, value]) => [`receiver.${key}`, value] as const),
  ];
  const read = readForm({ plan, asked, nowMs: START_MS, ipAddress: '192.0.2.1' }, new Map(values));
  return 'errors' in read ? [...read.errors.keys()] : read.details;
}

test.each<[string, Group, Group, Group, Group]>([
  ['an IBAN as it is printed', { ...BANK, accountNumber: 'IBAN DE89 3704 0044 0532 0130 00' }, {}, BANK, {}],
  ['an IBAN in other blanks', { ...BANK, accountNumber: 'de89\u00a03704\u202f0044\t0532-0130.00' }, {}, BANK, {}],
  ['full-width digits', { ...BANK, accountNumber: '１２３４５６７８' }, {}, { ...BANK, accountNumber: '12345678' }, {}],
  ['a card in groups', { ...CARD, cardNumber: '4444 3333\u200b-2222.1111' }, {}, CARD, {}],
  [
    'an expiry in short',
    { ...CARD, expiryMonth: '1', expiryYear: '30' },
    {},
    { ...CARD, expiryMonth: '01', expiryYear: '2030' },
    {},
  ],
  ['codes in small letters', BANK, { country: 'us', state: 'ca' }, BANK, { country: 'US', state: 'CA' }],
  ['a decomposed name', BANK, { lastName: 'Jose\u0301' }, BANK, { lastName: 'José' }],
  ['a date with dashes', BANK, { birthday: '1990-02-28' }, BANK, { birthday: '19900228' }],
])('%s is the same for a caller and for the Receiver', async (_name, destination, receiver, sent, sentReceiver) => {
  const expected = { destination: sent, receiver: sentReceiver };
  expect(await askApi(destination, receiver)).toEqual(expected);
  expect(askPage(destination, receiver)).toEqual(expected);
});

test.each<[string, Group, Group, string]>([
  ['a wrong IBAN', { ...BANK, accountNumber: 'DE00370400440532013000' }, {}, 'destination.accountNumber'],
  [
    'no IBAN in euros in a country of SEPA',
    { ...BANK, accountNumber: '12345678' },
    { country: 'DE' },
    'destination.accountNumber',
  ],
  ['an expired card', { ...CARD, expiryMonth: '01', expiryYear: '2020' }, {}, 'destination.expiryYear'],
  ['a card of last month', { ...CARD, expiryMonth: '10', expiryYear: '2024' }, {}, 'destination.expiryYear'],
  ['a card of a year that is over', { ...CARD, expiryYear: '2023' }, {}, 'destination.expiryYear'],
  ['a wrong check digit', { ...CARD, cardNumber: '4444333322221112' }, {}, 'destination.cardNumber'],
  ['a day that no calendar has', BANK, { birthday: '19990231' }, 'receiver.birthday'],
  ['a birthday to come', BANK, { birthday: '20250101' }, 'receiver.birthday'],
  ['a country that is none', BANK, { country: 'XQ' }, 'receiver.country'],
  ['a name nobody sees', BANK, { lastName: '\u200b' }, 'receiver.lastName'],
  ['a name that runs backwards', BANK, { lastName: 'J\u202erg' }, 'receiver.lastName'],
  ['a name that was decoded wrongly', BANK, { lastName: 'J\ufffdrg' }, 'receiver.lastName'],
])('%s is refused, for a caller and for the Receiver', async (_name, destination, receiver, field) => {
  expect(await askApi(destination, receiver)).toEqual([field]);
  expect(askPage(destination, receiver)).toEqual([field]);
});

test.each([
  ['a card of this month', { ...CARD, expiryMonth: '11', expiryYear: '2024' }, {}],
  ['a leap day', BANK, { birthday: '20000229' }],
  ['a local number whose bank has a code', { ...BANK, accountNumber: '12345678', bankCode: '123' }, { country: 'DE' }],
])('%s is taken', async (_name, destination, receiver) => {
  const taken = { destination, receiver };
  expect(await askApi(destination as Group, receiver as Group)).toEqual(taken);
  expect(askPage(destination as Group, receiver as Group)).toEqual(taken);
});

test.each(['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1'])('the address %s is taken', async (ipAddress) => {
  expect(await askApi(BANK, { ipAddress })).toMatchObject({ receiver: { ipAddress } });
});
