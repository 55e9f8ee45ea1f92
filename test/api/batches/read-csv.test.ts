import { COLUMNS, toBody, toCells } from '../../../src/api/batches/columns';
import { readCsv, toBodies } from '../../../src/api/batches/read-csv';
import { Problem } from '../../../src/api/plugins/errors';

const read = async (text: string | Buffer) => await toBodies(await readCsv(Buffer.from(text as string)));
const refusal = async (text: string | Buffer) => {
  const error: unknown = await readCsv(Buffer.from(text as string)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof Problem ? error.errors : error;
};

const ROW = {
  clientOrderId: 'A-1',
  amount: '10.50',
  currency: 'EUR',
  receiver: { firstName: 'José', lastName: 'O"Neil, Jr' },
  destination: { type: 'card', cardNumber: '4444333322221111' },
};
const HEAD =
  'clientOrderId,amount,currency,receiver.firstName,receiver.lastName,destination.type,destination.cardNumber';
const LINE = 'A-1,10.50,EUR,José,"O""Neil, Jr",card,4444333322221111';

describe('a CSV file', () => {
  it.each([
    ['with CRLF', `${HEAD}\r\n${LINE}\r\n`],
    ['with LF and no end', `${HEAD}\n${LINE}`],
    ['with a byte order mark', `\uFEFF${HEAD}\r\n${LINE}\r\n`],
    ['with semicolons', `${HEAD}\n${LINE}\n`.replace(/,(?! Jr)/g, ';')],
    ['with blank lines and empty ones of a spreadsheet', `${HEAD}\n\n${LINE}\n,,,,,,\n\n`],
    ['with its own errors from before', `${HEAD},errors\n${LINE},"amount: expected more"\n`],
    ['with blanks around names of columns', `${HEAD.replaceAll(',', ' , ')}\n${LINE}\n`],
  ])('%s is read', async (_how, text) => {
    expect(await read(text)).toEqual([ROW]);
  });

  it('with an amount in a comma and semicolons keeps the comma in the cell', async () => {
    expect(await read('amount;currency\n10,50;EUR\n')).toEqual([{ amount: '10,50', currency: 'EUR' }]);
  });

  it('gives empty cells and the guard of our own files no meaning', async () => {
    expect(await read("amount,purpose,receiver.phone,receiver.city\n5,,'+4930123,'s-Hertogenbosch\n")).toEqual([
      { amount: '5', receiver: { phone: '+4930123', city: "'s-Hertogenbosch" } },
    ]);
  });

  it('keeps line breaks in quotes', async () => {
    expect(await read('description\n"two\r\nlines"\n')).toEqual([{ description: 'two\r\nlines' }]);
  });

  it('has a row of another length in its place, as one that cannot be read', async () => {
    expect(await read('amount,currency\n1,EUR\n2\n3,EUR,\n4,EUR\n')).toEqual([
      { amount: '1', currency: 'EUR' },
      null,
      null,
      { amount: '4', currency: 'EUR' },
    ]);
  });

  it('is refused with bytes that are no UTF-8, and in another character set', async () => {
    expect(await refusal(Buffer.from([0x61, 0xff]))).toEqual([{ field: 'body', expected: 'CSV in UTF-8' }]);
    expect(await refusal(Buffer.from('description\nJosé\n', 'latin1'))).toEqual([
      { field: 'body', expected: 'CSV in UTF-8' },
    ]);
  });

  it('is refused with quotes in the wrong place, by the line', async () => {
    expect(await refusal('amount\n1\n2"3\n')).toEqual([{ field: 'body', expected: 'CSV by RFC 4180; line 3 is not' }]);
    expect(await refusal('amount\n"1\n')).toMatchObject([{ field: 'body' }]);
  });

  it('names columns that there are not, and never what may be a value', async () => {
    expect(await refusal('amuont,DE89370400440532013000,amount,amount\n')).toEqual([
      { field: 'amuont', expected: 'the name of a column, as in /batches/template.csv' },
      { field: 'column 2', expected: 'the name of a column, as in /batches/template.csv' },
      { field: 'amount', expected: 'each column once' },
    ]);
    expect(await refusal('')).toEqual([
      { field: 'rows', expected: 'a head line with names of columns, as in /batches/template.csv' },
    ]);
    expect(await refusal('__proto__.x,constructor\n1,2\n')).toHaveLength(2);
  });

  it('has at most 10,000 rows', async () => {
    expect(await read(`amount\n${'1\n'.repeat(10_000)}`)).toHaveLength(10_000);
    expect(await refusal(`amount\n${'1\n'.repeat(10_001)}`)).toEqual([
      { field: 'rows', expected: 'at most 10000 rows' },
    ]);
  });
});

describe('columns', () => {
  it('are the fields of a request by their dotted names', () => {
    for (const name of [
      'clientOrderId',
      'amount',
      'receiver.firstName',
      'destination.type',
      'destination.accountNumber',
    ])
      expect(COLUMNS.filter((column) => column === name)).toEqual([name]);
    for (const name of ['destination.cardNumber', 'destination.cardRefId', 'collect', 'expiresIn'])
      expect(COLUMNS).toContain(name);
    for (const name of ['receiver', 'destination', 'extraFields']) expect(COLUMNS).not.toContain(name);
  });

  it('lead to a body and back, with keys that callers name, with dots or not, and lists', () => {
    const cells = {
      ...{ amount: '1', 'receiver.city': 'Bonn', 'extraFields.tax.id': '7', 'metadata.invoice': '42' },
      tags: 'refund week-48',
    };
    const body = {
      ...{ amount: '1', receiver: { city: 'Bonn' }, extraFields: { 'tax.id': '7' }, metadata: { invoice: '42' } },
      tags: ['refund', 'week-48'],
    };
    expect(toBody(Object.keys(cells), Object.values(cells))).toEqual(body);
    expect(toCells(body)).toEqual(cells);
  });
});
