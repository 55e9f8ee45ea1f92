import fc from 'fast-check';
import { toDisplay } from '../../../src/api/codec/display';
import { createReceiverLinks } from '../../../src/api/receiver/receiver-links';
import { makePayout, REQUEST } from '../../domain/samples';
import { cardNumber, grouped, iban } from './arbitrary-numbers';

const bytes = (text: string) => Buffer.from(text);
const json = (value: unknown) => ({ metadata: { encoding: bytes('json/plain') }, data: bytes(JSON.stringify(value)) });
const ID = 'payout:PO-4444333322221111';
const textOf = ({ data }: ReturnType<typeof toDisplay>) => Buffer.from(data).toString();
const show = (value: unknown): unknown => JSON.parse(textOf(toDisplay(json(value), ID)));

describe('what a person sees of a payload', () => {
  test('a request as it is, but for its account number', () => {
    const { destination, ...rest } = REQUEST;
    expect(destination.type).toBe('bank_account');
    expect(show(REQUEST)).toEqual({ ...rest, destination: { ...destination, accountNumber: '••••3000' } });
  });

  test('of a card the last four digits and the holder', () => {
    const card = {
      type: 'card',
      cardNumber: '4444333322221111',
      cardHolder: 'Ada Example',
      expiryMonth: '12',
      expiryYear: '2030',
    };
    expect(show([{ destination: card }])).toEqual([
      { destination: { type: 'card', cardNumber: '••••1111', cardHolder: 'Ada Example' } },
    ]);
  });

  test('a number under its name is masked in any shape', () => {
    expect(show({ accountNumber: '000123456' })).toEqual({ accountNumber: '••••3456' });
    expect(show({ sender_account: '70000000000000000001', PayerIBAN: 'XX1', accountName: 'Ada Example' })).toEqual({
      sender_account: '••••0001',
      PayerIBAN: '••••',
      accountName: 'Ada Example',
    });
    expect(show({ cardRefId: '12345678' })).toEqual({ cardRefId: '••••5678' });
    expect(show({ account_number: 123456789 })).toEqual({ account_number: '••••6789' });
    expect(show({ cardNumber: { first: '44443333', rest: ['22221111'] } })).toEqual({
      cardNumber: { first: '••••3333', rest: ['••••1111'] },
    });
    expect(show({ extraFields: { credit_card_number: '4444333322221112', cvv2: '123', expire_year: '30' } })).toEqual({
      extraFields: { credit_card_number: '••••1112' },
    });
  });

  test('texts, names of fields and numbers are searched', () => {
    expect(show('Invoice 42, card 4444 3333 2222 1111')).toBe('Invoice 42, card ••••1111');
    expect(show({ 'DE89 3704 0044 0532 0130 00': 1 })).toEqual({ '••••3000': 1 });
    expect(show({ note: 4444333322221111 })).toEqual({ note: '••••1111' });
    expect(show({ note: 44443333222211110 })).toEqual({ note: '••••' });
  });

  test('times, amounts and the rest are left alone', () => {
    const others = {
      // The check digit of this time is right by chance.
      acceptedAtMs: 1700000000004,
      amountMinor: 1050,
      rate: 0.25,
      isLate: false,
      orderId: null,
      evidence: [],
    };
    expect(show(others)).toEqual(others);
    expect(show({ notified: others.acceptedAtMs })).toEqual({ notified: '••••0004' });
  });

  test('only what is in the workflow’s id stays as it is', () => {
    expect(show({ clientOrderId: 'PO-4444333322221111', note: 'PO-4444333322221111 x' })).toEqual({
      clientOrderId: 'PO-4444333322221111',
      note: 'PO-••••1111 x',
    });
    expect(show({ cardNumber: 'PO-4444333322221111' })).toEqual({ cardNumber: '••••1111' });
    expect(show({ clientOrderId: 'PO-5555555555554444' })).toEqual({ clientOrderId: 'PO-••••4444' });
  });

  test('a link of a Receiver, which would let its reader enter an account, is made useless', () => {
    const links = createReceiverLinks({ receiverLinkKeys: ['l'.repeat(32)], publicBaseUrl: 'https://cp.example.org' });
    const payout = makePayout();
    const proof = links.pageOf(payout).slice(-22);
    const redirectUrl = links.returnOf(payout);
    expect(redirectUrl).toContain(proof);
    expect(show({ redirectUrl })).toEqual({ redirectUrl: redirectUrl.replace(proof, '••••') });
    for (const text of [`see ${links.pageOf(payout)}.`, JSON.stringify({ page: links.pageOf(payout) })])
      expect(JSON.stringify(show({ text }))).not.toContain(proof);
  });

  test('the address of the gateway’s form, which would let its reader fill it in, is shown without its way', () => {
    expect(show({ payout: { redirectTo: 'https://gate.example.com/form/1?session=abc' } })).toEqual({
      payout: { redirectTo: 'https://gate.example.com/••••' },
    });
    expect(show({ redirectTo: null })).toEqual({ redirectTo: null });
    expect(show({ redirectTo: 'session=abc' })).toEqual({ redirectTo: '••••' });
  });

  test('a message and a stack, as failures are sealed, keep their names', () => {
    const failure = { message: 'no account DE89370400440532013000', stack_trace: 'Error: at x' };
    expect(show(failure)).toEqual({ message: 'no account ••••3000', stack_trace: 'Error: at x' });
  });

  test('of what is not JSON only the size is shown', () => {
    const data = bytes('card 4444333322221111');
    for (const encoding of ['binary/plain', 'binary/protobuf', 'json/plain', '', 'x']) {
      const shown = toDisplay({ metadata: { encoding: bytes(encoding), of: bytes('4444333322221111') }, data }, ID);
      expect(textOf(shown)).toBe('"not shown: 21 bytes that are not JSON"');
      expect(Object.entries(shown.metadata)).toEqual([['encoding', bytes('json/plain')]]);
    }
  });

  test('nothing stays nothing', () => {
    const shown = toDisplay({ metadata: { encoding: bytes('binary/null') }, data: bytes('') }, ID);
    expect(Buffer.from(shown.metadata.encoding ?? []).toString()).toBe('binary/null');
    expect(shown.data).toHaveLength(0);
  });

  test('property: no number of a card or an account survives anywhere in any JSON', () => {
    const number = fc.oneof(cardNumber, iban).chain((found) => fc.tuple(fc.constant(found), grouped(found)));
    fc.assert(
      fc.property(number, fc.jsonValue(), fc.integer({ min: 0, max: 4 }), ([found, written], around, place) => {
        const values = [
          { [`note of ${place}`]: written, around },
          [around, [written]],
          { around, deep: [{ [written]: around }] },
          `${JSON.stringify(around)} ${written}`,
          { nested: JSON.stringify({ cardNumber: written }) },
        ];
        const shown = textOf(toDisplay(json(values[place]), ID));
        const visible = shown.normalize('NFKC').replaceAll(/\\[a-z]|[^A-Za-z0-9]/g, '');
        expect(visible.toUpperCase()).not.toContain(found.slice(4, -4));
      }),
      { numRuns: 2_000 },
    );
  });
});
