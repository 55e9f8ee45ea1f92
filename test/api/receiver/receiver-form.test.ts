import { type FormRules, methodsOf, planForm, readForm } from '../../../src/api/receiver/receiver-form';
import { COLLECTING, START_MS } from '../../domain/samples';

const IBAN = 'DE89370400440532013000';
const PAN = '4444333322221111';
const BOTH = ['bank_account', 'card'] as const;
const plain: FormRules = { requiredFields: [], fieldLengths: { accountNumber: 24, bankCode: 3 }, collect: BOTH };
const namesOf = (plan: ReturnType<typeof planForm>) => plan.fields.map(({ name }) => name);

function enter(
  values: Readonly<Record<string, string>>,
  {
    endpoint = {},
    method = 'bank_account',
    asked = COLLECTING,
    nowMs = START_MS,
  }: { endpoint?: Partial<FormRules>; method?: string; asked?: typeof COLLECTING; nowMs?: number } = {},
) {
  const plan = planForm(asked, { ...plain, ...endpoint }, method);
  const read = readForm({ plan, asked, nowMs, ipAddress: '127.0.0.1' }, new Map(Object.entries(values)));
  return 'errors' in read ? Object.fromEntries(read.errors) : read.details;
}

describe('the ways of being paid', () => {
  it.each([
    [[], ['bank_account', 'card']],
    [
      ['receiver.email', 'purpose'],
      ['bank_account', 'card'],
    ],
    [['destination.bankCode'], ['bank_account']],
    [['destination.cardHolder'], ['card']],
    [['destination.bankCode', 'destination.cardHolder'], []],
  ])('that have %j are %j', (requiredFields, methods) => {
    expect(methodsOf({ requiredFields, collect: BOTH })).toEqual(methods);
  });

  it('are those that the endpoint allows', () => {
    for (const collect of [['bank_account'], ['card']] as const) {
      expect(methodsOf({ requiredFields: [], collect })).toEqual(collect);
      expect(planForm(COLLECTING, { ...plain, collect }, 'card').method).toBe(collect[0]);
    }
    expect(methodsOf({ requiredFields: ['destination.cardHolder'], collect: ['bank_account'] })).toEqual([]);
  });
});

describe('the fields', () => {
  it('are the number and its holder, and what the endpoint requires and the caller did not say', () => {
    const endpoint = {
      requiredFields: ['destination.bankName', 'receiver.firstName', 'receiver.email', 'receiver.ipAddress', 'purpose'],
    };
    const plan = planForm(COLLECTING, { ...plain, ...endpoint }, 'card');
    expect(plan).toMatchObject({ methods: ['bank_account'], method: 'bank_account', needsAddress: true });
    expect(plan.fields.map(({ name, isRequired, maxLength }) => [name, isRequired, maxLength])).toEqual([
      ['destination.accountNumber', true, 24],
      ['destination.accountName', false, 128],
      ['destination.bankName', true, 255],
      ['receiver.email', true, 128],
    ]);
  });

  it('of a card are never a security code', () => {
    expect(namesOf(planForm(COLLECTING, plain, 'card'))).toEqual(['destination.cardNumber', 'destination.cardHolder']);
  });
});

describe('what was entered', () => {
  it.each([
    [IBAN, IBAN],
    [' de89 3704 0044 0532 0130 00 ', IBAN],
    ['GB29-NWBK-6016-1331-9268-19', 'GB29NWBK60161331926819'],
    ['12345678', '12345678'],
    ['12 34', '1234'],
    ['IBAN DE89\u00a03704\u202f0044.0532\t0130-00', IBAN],
    ['jo-smith@bank', 'jo-smith@bank'],
  ])('account %j is sent as %j', (accountNumber, sent) => {
    expect(enter({ 'destination.accountNumber': accountNumber })).toEqual({
      destination: { type: 'bank_account', accountNumber: sent },
      receiver: {},
    });
  });

  it.each([
    ['', 'required'],
    ['   ', 'required'],
    ['DE89370400440532013001', 'iban'],
    ['DE00370400440532013000', 'iban'],
    ['DE8937040044053201300', 'iban'],
    ['ZZ89370400440532013000', 'iban'],
    ['1'.repeat(25), 'too_long'],
    ['FR1420041010050500013M02606', 'iban_too_long'],
    ['<b>1</b>', 'format'],
  ])('account %j is refused: %s', (accountNumber, error) => {
    expect(enter({ 'destination.accountNumber': accountNumber })).toEqual({ 'destination.accountNumber': error });
  });

  it('is to be an IBAN in euros and in a country that has them, whatever it looks like', () => {
    const at = (country: string, currency: string) =>
      enter(
        { 'destination.accountNumber': '12345678' },
        { asked: { ...COLLECTING, currency: currency as 'EUR' & typeof COLLECTING.currency, receiver: { country } } },
      );
    expect(at('DE', 'EUR')).toEqual({ 'destination.accountNumber': 'iban' });
    expect(at('US', 'EUR')).toMatchObject({ destination: { accountNumber: '12345678' } });
    expect(at('DE', 'USD')).toMatchObject({ destination: { accountNumber: '12345678' } });
  });

  it.each([
    ['4444 3333 2222 1111', { destination: { type: 'card', cardNumber: PAN }, receiver: {} }],
    ['4444333322221112', { 'destination.cardNumber': 'card' }],
    ['4444', { 'destination.cardNumber': 'card' }],
    ['', { 'destination.cardNumber': 'required' }],
  ])('card %j is %j', (cardNumber, read) => {
    expect(enter({ 'destination.cardNumber': cardNumber }, { method: 'card' })).toEqual(read);
  });

  it('gets all errors at once, of single fields and between fields', () => {
    const over = { 'destination.cardNumber': '4444333322221112', 'destination.expiryYear': '2020' };
    const card = { endpoint: { requiredFields: ['destination.expiryYear', 'receiver.email'] }, method: 'card' };
    expect(enter({ ...over, 'receiver.email': 'nobody' }, card)).toEqual({
      ...{ 'destination.cardNumber': 'card', 'destination.expiryYear': 'card_expired', 'receiver.email': 'format' },
    });
    const asked = { ...COLLECTING, receiver: { country: 'DE' } };
    const account = { 'destination.accountNumber': '12345678', 'destination.bankName': '4444 3333 2222 1111' };
    const bank = { endpoint: { requiredFields: ['destination.bankName'] }, asked };
    expect(enter(account, bank)).toEqual({ 'destination.accountNumber': 'iban', 'destination.bankName': 'format' });
  });

  it.each([
    ['bank_account', 'destination.accountName'],
    ['card', 'destination.cardHolder'],
    ['bank_account', 'receiver.lastName'],
    ['bank_account', 'receiver.address'],
  ] as const)('by %s may hold no card number in %s', (method, name) => {
    const { receiver: _receiver, ...rest } = COLLECTING;
    const endpoint = { requiredFields: ['receiver.lastName', 'receiver.address'] };
    const right = { 'destination.accountNumber': IBAN, 'destination.cardNumber': PAN };
    const named = { 'receiver.lastName': 'O’Neil', 'receiver.address': '1 Main Street' };
    const asked = { ...rest, receiver: {} };
    const read = enter({ ...right, ...named, [name]: 'No. 4444 3333 2222 1111' }, { endpoint, method, asked });
    expect(read).toEqual({ [name]: 'format' });
  });

  it('has its expiry made into two and four digits, and refused when it is over', () => {
    const endpoint = { requiredFields: ['destination.expiryMonth', 'destination.expiryYear'] };
    const expiring = (month: string, year: string) =>
      enter(
        { 'destination.cardNumber': PAN, 'destination.expiryMonth': month, 'destination.expiryYear': year },
        { endpoint, method: 'card', nowMs: Date.UTC(2026, 10, 23) },
      );
    expect(expiring('8', '29')).toMatchObject({ destination: { expiryMonth: '08', expiryYear: '2029' } });
    expect(expiring('11', '2026')).toMatchObject({ destination: { expiryMonth: '11' } });
    expect(expiring('10', '2026')).toEqual({ 'destination.expiryYear': 'card_expired' });
    expect(expiring('13', 'x')).toEqual({ 'destination.expiryMonth': 'format', 'destination.expiryYear': 'format' });
  });

  it('of the Receiver is checked like what callers send, and the address is the browser’s', () => {
    const endpoint = {
      requiredFields: ['receiver.email', 'receiver.birthday', 'receiver.country', 'receiver.ipAddress'],
    };
    const account = { 'destination.accountNumber': IBAN };
    expect(
      enter(
        { ...account, 'receiver.email': 'a@b.example', 'receiver.birthday': '1990-02-28', 'receiver.country': 'de' },
        { endpoint },
      ),
    ).toMatchObject({
      receiver: { email: 'a@b.example', birthday: '19900228', country: 'DE', ipAddress: '127.0.0.1' },
    });
    expect(enter({ ...account, 'receiver.email': 'x', 'receiver.country': 'DEU' }, { endpoint })).toEqual({
      'receiver.email': 'format',
      'receiver.birthday': 'required',
      'receiver.country': 'too_long',
    });
  });

  it('beyond the fields of the form is not read', () => {
    expect(
      enter({ 'destination.accountNumber': IBAN, 'destination.bankName': 'X', 'receiver.lastName': 'Y', amount: '9' }),
    ).toEqual({ destination: { type: 'bank_account', accountNumber: IBAN }, receiver: {} });
  });
});

test('the form takes as much of a field as its endpoint does', () => {
  const lengthsOf = (endpoint: Partial<FormRules>) =>
    planForm(COLLECTING, { ...plain, ...endpoint }, 'bank_account').fields.map(({ key, maxLength }) => [
      key,
      maxLength,
    ]);
  const requiredFields = ['destination.bankCode'];
  expect(lengthsOf({ requiredFields })).toEqual(
    expect.arrayContaining([
      ['accountNumber', 24],
      ['bankCode', 3],
    ]),
  );
  const fieldLengths = { accountNumber: 34, bankCode: 11 };
  expect(lengthsOf({ requiredFields, fieldLengths })).toEqual(
    expect.arrayContaining([
      ['accountNumber', 34],
      ['bankCode', 11],
      ['accountName', 128],
    ]),
  );
});
