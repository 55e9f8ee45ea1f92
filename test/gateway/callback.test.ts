import crypto from 'node:crypto';
import fc from 'fast-check';
import {
  CallbackRejected,
  isSignedCallback,
  parsePairs,
  signCallback,
  verifyCallback,
} from '../../src/gateway/callback';
import { callbackControl } from '../../src/gateway/signing';
import vectors from '../fixtures/gateway/vectors.json';

const KEY = vectors.controlKey;
const OTHER_KEY = 'AF4B5DE6-3468-424C-A922-C1DAD7CB4509';
const SIGNED = { status: 'approved', orderId: '6768788', clientOrderId: 'PO-000001' };

function callbackFields(changes: Partial<typeof SIGNED> = {}): Record<string, string> {
  const parts = { ...SIGNED, ...changes };
  return {
    status: parts.status,
    type: 'payout',
    orderid: parts.orderId,
    client_orderid: parts.clientOrderId,
    merchant_order: parts.clientOrderId,
    amount: '10.50',
    currency: 'EUR',
    control: signCallback(parts, KEY),
  };
}

const verifyFields = (fields: Record<string, string>) => verifyCallback(Object.entries(fields), [KEY]);

function rejectionOf(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    return error instanceof CallbackRejected ? error.kind : String(error);
  }
}

test('a signed callback becomes an order report, and nothing of the Receiver goes along', () => {
  const fields = {
    ...callbackFields(),
    name: 'JANE DOE',
    email: 'jane@example.org',
    'last-four-digits': '3000',
    bin: '444433',
    'processor-tx-id': 'PNTEST-1',
  };
  expect(verifyFields(fields)).toEqual({
    source: 'callback',
    clientOrderId: 'PO-000001',
    orderId: '6768788',
    status: 'approved',
    statusText: 'approved',
    subject: 'payout',
    transactionType: 'payout',
    amount: '10.50',
    currency: 'EUR',
    stage: null,
    serialNumber: null,
    redirectTo: null,
    reason: null,
    processorTxId: 'PNTEST-1',
  });
});

test.each([
  ['declined', vectors.sha1.C2],
  ['error', vectors.sha1.C3],
  ['filtered', vectors.sha1.C4],
  ['unknown', vectors.sha1.C5],
  ['processing', vectors.sha1.C6],
])('the documented callback %s verifies', (status, control) => {
  const pairs = parsePairs(
    `status=${status}&orderid=6768788&merchant_order=PO-000001&client_orderid=PO-000001&control=${control}`,
  );
  expect(verifyCallback(pairs, [KEY]).status).toBe(status);
});

test('one of the two names of our id is enough', () => {
  for (const name of ['client_orderid', 'merchant_order']) {
    const { [name]: _left, ...rest } = callbackFields();
    expect(verifyFields(rest).clientOrderId).toBe('PO-000001');
  }
});

test('the reason is read from underscored names, and a written null is none', () => {
  expect(
    verifyFields({ ...callbackFields({ status: 'declined' }), error_code: '116', error_message: 'Decline' }).reason,
  ).toEqual({
    code: '116',
    message: 'Decline',
  });
  expect(verifyFields({ ...callbackFields(), error_code: 'null', error_message: 'null' }).reason).toBeNull();
});

test.each([
  'reversal',
  'chargeback',
  'refund',
  'cancel',
  'void',
  'capture',
  'fraud',
  'retrieval',
  'dispute',
  'REVERSAL',
  ' reversal',
])('type %s is about something after the payout', (type) => {
  expect(verifyFields({ ...callbackFields(), type }).subject).toBe('post_payout_event');
});

test('a repeated type hides no reversal, and is no transaction type', () => {
  const pairs = [...Object.entries(callbackFields()), ['type', 'reversal'] as const];
  expect(verifyCallback(pairs, [KEY])).toMatchObject({ subject: 'post_payout_event', transactionType: null });
});

test.each(['sale', 'Sale ', 'transfer', 'payouts'])('type %s is no payout, unless its endpoint says so', (type) => {
  expect(verifyFields({ ...callbackFields(), type }).subject).toBe('other_transaction');
  const listed = [type.trim().toLowerCase()];
  expect(verifyCallback(Object.entries({ ...callbackFields(), type }), [KEY], listed).subject).toBe('payout');
});

test('a callback without a type is about the payout, unless its endpoint says otherwise', () => {
  const { type: _left, ...rest } = callbackFields();
  expect(verifyFields(rest).subject).toBe('payout');
  expect(verifyCallback(Object.entries(rest), [KEY], ['payout']).subject).toBe('other_transaction');
});

describe('strict about fields that are used, tolerant of the rest', () => {
  const query = (changes: Partial<typeof SIGNED> = {}) => new URLSearchParams(callbackFields(changes)).toString();
  const verifyQuery = (text: string) => verifyCallback(parsePairs(text), [KEY]);

  test.each([
    ['a name in Latin-1', 'last_name=M%FCller'],
    ['a bare percent sign', 'error_message=100%'],
    ['a field twice', 'descriptor=a&descriptor=b'],
    ['a name with a blank', 'first name=x&last+name=y'],
    ['a prototype name', '__proto__=1'],
    ['a name that cannot be decoded', '%ff=1'],
    ['an amount twice', 'amount=99'],
    ['an amount that cannot be decoded', 'currency=%ff'],
  ])('%s changes nothing', (_name, more) => {
    for (const text of [`${query()}&${more}`, `${more}&${query()}`]) {
      expect(verifyQuery(text)).toMatchObject({
        status: 'approved',
        orderId: '6768788',
        subject: 'payout',
        reason: null,
      });
    }
  });

  test.each(['status', 'orderid', 'client_orderid', 'merchant_order', 'control', 'type'])(
    'a %s that cannot be decoded is malformed',
    (name) => {
      const text = query().replace(new RegExp(`(^|&)${name}=[^&]*`), `$1${name}=%ff`);
      expect(rejectionOf(() => verifyQuery(text))).toBe('malformed');
    },
  );

  test('blanks around signed values say nothing', () => {
    const padded = { status: 'approved ', orderId: ' 6768788', clientOrderId: 'PO-000001 ' };
    expect(verifyQuery(query(padded))).toMatchObject({
      status: 'approved',
      orderId: '6768788',
      clientOrderId: 'PO-000001',
    });
    expect(rejectionOf(() => verifyFields({ ...callbackFields(), status: 'approved ' }))).toBe('bad_control');
  });
});

test('any key of a rotation verifies; every key is compared in constant time', () => {
  const compare = jest.spyOn(crypto, 'timingSafeEqual');
  expect(verifyCallback(Object.entries(callbackFields()), [KEY, OTHER_KEY]).status).toBe('approved');
  expect(verifyCallback(Object.entries(callbackFields()), [OTHER_KEY, KEY]).status).toBe('approved');
  expect(compare).toHaveBeenCalledTimes(4);
  compare.mockRestore();
});

describe('rejections', () => {
  const good = callbackFields();
  const { control: _control, ...unsigned } = good;
  const control = String(good.control);

  test.each<[string, Record<string, string>]>([
    ['another status', { ...good, status: 'declined' }],
    ['an upper-case status', { ...good, status: 'Approved' }],
    ['another order id', { ...good, orderid: '6768789' }],
    ['another client order id', { ...good, client_orderid: 'PO-000002', merchant_order: 'PO-000002' }],
    ['no control', unsigned],
    ['an empty control', { ...good, control: '' }],
    ['an upper-case control', { ...good, control: control.toUpperCase() }],
    ['a longer control', { ...good, control: `${control}0` }],
    ['a shorter control', { ...good, control: control.slice(0, -1) }],
    ['a padded control', { ...good, control: ` ${control}` }],
    ['a control in an array name', { ...unsigned, 'control[]': control }],
    ['a control of another key', { ...good, control: signCallback(SIGNED, OTHER_KEY) }],
    ['no status', Object.fromEntries(Object.entries(good).filter(([name]) => name !== 'status'))],
  ])('%s has a bad control', (_name, fields) => {
    expect(rejectionOf(() => verifyFields(fields))).toBe('bad_control');
  });

  test.each(['status', 'orderid', 'client_orderid', 'merchant_order', 'control'])(
    'a repeated %s is malformed',
    (name) => {
      const pairs = [...Object.entries(good), [name, String(good[name])] as const];
      expect(rejectionOf(() => verifyCallback(pairs, [KEY]))).toBe('malformed');
    },
  );

  test('two different client order ids are malformed, whichever is signed', () => {
    expect(rejectionOf(() => verifyFields({ ...good, merchant_order: 'PO-000002' }))).toBe('malformed');
  });

  test.each<[string, Partial<typeof SIGNED>]>([
    ['order id zero', { orderId: '0' }],
    ['an empty order id', { orderId: '' }],
    ['an order id of letters', { orderId: 'd6768788' }],
    ['an order id of 21 digits', { orderId: '1'.repeat(21) }],
    ['a client order id that starts with a digit', { clientOrderId: '8PO-000001' }],
    ['an empty client order id', { clientOrderId: '' }],
    ['a client order id of 129 characters', { clientOrderId: 'a'.repeat(129) }],
    ['a status that ends in a digit', { status: 'approved6', orderId: '768788' }],
  ])('%s is malformed even when signed', (_name, parts) => {
    expect(rejectionOf(() => verifyFields(callbackFields(parts)))).toBe('malformed');
  });

  test('the control is compared before ids are read', () => {
    expect(rejectionOf(() => verifyFields({ ...callbackFields({ orderId: '0' }), control: 'x' }))).toBe('bad_control');
  });

  test('no key at all verifies nothing, an empty key is a mistake', () => {
    expect(rejectionOf(() => verifyCallback(Object.entries(good), []))).toBe('bad_control');
    expect(() => verifyCallback(Object.entries(good), [''])).toThrow(RangeError);
  });

  test('moving the borders of the signed text never yields another report', () => {
    const text = `${SIGNED.status}${SIGNED.orderId}${SIGNED.clientOrderId}`;
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(text.length), (a, b) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        const moved = {
          status: text.slice(0, first),
          orderId: text.slice(first, second),
          clientOrderId: text.slice(second),
        };
        fc.pre(moved.status !== SIGNED.status || moved.orderId !== SIGNED.orderId);
        expect(signCallback(moved, KEY)).toBe(control);
        expect(
          rejectionOf(() =>
            verifyFields({
              status: moved.status,
              orderid: moved.orderId,
              client_orderid: moved.clientOrderId,
              control,
            }),
          ),
        ).toBe('malformed');
      }),
      { numRuns: 1_000 },
    );
  });

  test('random near misses of the control never verify', () => {
    fc.assert(
      fc.property(fc.nat(39), fc.constantFrom(...'0123456789abcdefABCDEF\0 '), (at, char) => {
        const forged = `${control.slice(0, at)}${char}${control.slice(at + 1)}`;
        fc.pre(forged !== control);
        expect(rejectionOf(() => verifyFields({ ...good, control: forged }))).toBe('bad_control');
      }),
      { numRuns: 1_000 },
    );
  });

  test('messages are constant', () => {
    expect(new CallbackRejected('malformed').message).toBe('the callback is malformed');
    expect(new CallbackRejected('bad_control').message).toBe('the control of the callback does not match');
  });
});

describe('isSignedCallback', () => {
  const good = Object.entries(callbackFields());

  test('tells a right control from a wrong one, of every key', () => {
    const forged = Object.entries({ ...callbackFields(), status: 'declined' });
    expect([[KEY], [OTHER_KEY, KEY], [OTHER_KEY]].map((keys) => isSignedCallback(good, keys))).toEqual([
      true,
      true,
      false,
    ]);
    expect([[KEY], [OTHER_KEY, KEY], []].map((keys) => isSignedCallback(forged, keys))).toEqual([false, false, false]);
    expect(() => isSignedCallback(good, [''])).toThrow(RangeError);
  });

  test('a signed field that is absent counts as empty', () => {
    const control = callbackControl({ status: '', orderId: '', clientOrderId: '' }, KEY);
    expect([isSignedCallback([['control', control]], [KEY]), isSignedCallback([], [KEY])]).toEqual([true, false]);
  });

  test('is false or throws for nothing that verifies, and never true for a bad control', () => {
    const word = fc.constantFrom(...Object.values(callbackFields()), OTHER_KEY, 'x', '');
    const changes = fc.array(fc.tuple(fc.constantFrom(...Object.keys(callbackFields())), word), { maxLength: 2 });
    fc.assert(
      fc.property(changes, fc.boolean(), (pairs, isAdded) => {
        const changed = isAdded
          ? [...good, ...pairs]
          : Object.entries({ ...callbackFields(), ...Object.fromEntries(pairs) });
        const verified = rejectionOf(() => verifyCallback(changed, [KEY, OTHER_KEY]));
        let signed: boolean | null = null;
        const rejected = rejectionOf(() => {
          signed = isSignedCallback(changed, [KEY, OTHER_KEY]);
        });
        if (verified === 'none') expect(signed).toBe(true);
        if (verified === 'bad_control') expect(signed).toBe(false);
        if (rejected !== 'none') expect([rejected, verified]).toEqual(['malformed', 'malformed']);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('parsePairs', () => {
  test('decodes names and values and keeps repeats in order', () => {
    expect(parsePairs('a=1&a=%C3%A9+x&b&&c=d=e')).toEqual([
      ['a', '1'],
      ['a', 'é x'],
      ['b', ''],
      ['c', 'd=e'],
    ]);
    expect(parsePairs('')).toEqual([]);
  });

  test('bounds length and count', () => {
    expect(parsePairs(`a=${'x'.repeat(16 * 1024 - 2)}`)).toHaveLength(1);
    expect(rejectionOf(() => parsePairs(`a=${'x'.repeat(16 * 1024 - 1)}`))).toBe('malformed');
    expect(rejectionOf(() => parsePairs(`a=${'é'.repeat(8 * 1024)}`))).toBe('malformed');
    expect(parsePairs('a=1&'.repeat(64))).toHaveLength(64);
    expect(rejectionOf(() => parsePairs('a=1&'.repeat(65)))).toBe('malformed');
  });

  test.each(['a=%', 'a=%zz', 'a=%ff', 'a=%ed%a0%80'])('%s has no value', (query) => {
    expect(parsePairs(query)).toEqual([['a', null]]);
  });

  test('a name that cannot be decoded is no name of ours', () => {
    expect(parsePairs('%c3=1&a=1')).toEqual([['a', '1']]);
  });

  test('is total', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (query) => {
        expect(['none', 'malformed']).toContain(rejectionOf(() => parsePairs(query)));
      }),
      { numRuns: 1_000 },
    );
  });
});
