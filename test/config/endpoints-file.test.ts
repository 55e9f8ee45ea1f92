import { readEndpointsFile } from '../../src/config/endpoints-file';
import type { SecretFile } from '../../src/config/secret-files';

const FILE = '/etc/payouts/endpoints.json';
const PEM = '-----BEGIN RSA PRIVATE KEY-----\nsecret pem\n-----END RSA PRIVATE KEY-----';
const ENTRY = {
  name: 'sepa',
  baseUrl: 'https://sandbox.example.com/paynet',
  endpointId: 1144,
  login: 'cp-demo',
  controlKey: 'SECRET-CONTROL-KEY-1',
  privateKey: PEM,
};
const KEY_FILES: Readonly<Record<string, string>> = {
  '/etc/payouts/keys/control': 'SECRET-CONTROL-KEY-2\n',
  '/etc/payouts/keys/older': 'SECRET-CONTROL-KEY-3\n',
  '/absolute/private.pem': `${PEM}\n`,
  '/etc/payouts/keys/short': 'SECRET\n',
};

function read(entries: unknown, secretFiles: SecretFile[] = []) {
  const text = typeof entries === 'string' ? entries : JSON.stringify(entries);
  const readFile = (path: string) => {
    const content = path === FILE ? text : KEY_FILES[path];
    if (content === undefined) throw new Error('no such file');
    return content;
  };
  return readEndpointsFile(FILE, { readFile, secretFiles });
}

const problemsOf = (...entries: object[]) => read(entries).problems;
const without = (name: keyof typeof ENTRY) => Object.fromEntries(Object.entries(ENTRY).filter(([key]) => key !== name));

it('a short entry is filled up with defaults', () => {
  expect(read([ENTRY])).toEqual({
    problems: [],
    items: [
      {
        name: 'sepa',
        baseUrl: 'https://sandbox.example.com/paynet',
        target: { kind: 'endpoint', id: '1144' },
        login: 'cp-demo',
        controlKey: 'SECRET-CONTROL-KEY-1',
        olderControlKeys: [],
        privateKeyPem: PEM,
        statusApi: 'v2',
        replyFormat: 'form',
        currencies: null,
        extraFields: [],
        fieldLengths: { accountNumber: 24, bankCode: 3 },
        collect: ['bank_account'],
        payoutTypes: ['payout', 'none'],
        callbackFields: 'both',
        requiredFields: [],
        pollPlan: null,
        calendar: null,
        ratePerSecond: null,
        redirectHosts: null,
      },
    ],
  });
});

it('an entry says what its gateway does otherwise', () => {
  const settings = {
    fieldLengths: { accountNumber: 34, bankCode: 11 },
    collect: ['card'],
    payoutTypes: ['payout', 'deposit2card'],
    callbackFields: 'notify_url',
    extraFields: [{ name: 'Sender.Account', required: true, maxLength: 34 }],
  };
  const { items: endpoints, problems } = read([{ ...ENTRY, ...settings }]);
  expect([endpoints[0], problems]).toMatchObject([settings, []]);
  expect(read([{ ...ENTRY, fieldLengths: { bankCode: 11 } }]).items[0]?.fieldLengths).toEqual({
    accountNumber: 24,
    bankCode: 11,
  });
});

it.each([
  ['fieldLengths.accountNumber', { fieldLengths: { accountNumber: 0 } }, 'expected a whole number from 1 to 64'],
  ['fieldLengths.bankCode', { fieldLengths: { bankCode: 65 } }, 'expected a whole number from 1 to 64'],
  ['fieldLengths.iban', { fieldLengths: { iban: 27 } }, 'expected no field of this name'],
  ['collect', { collect: [] }, 'expected bank_account, card or both, each once'],
  ['collect.0', { collect: ['card_ref'] }, 'expected bank_account, card or both, each once'],
  ['payoutTypes', { payoutTypes: [] }, 'expected at least one transaction type'],
  [
    'payoutTypes.0',
    { payoutTypes: ['reversal'] },
    'expected lower-case letters, digits, "_" or "-", and not the type of a later event',
  ],
  ['callbackFields', { callbackFields: 'none' }, 'expected one of "both"|"server_callback_url"|"notify_url"'],
  [
    'extraFields.0.name',
    { extraFields: [{ name: 'a b' }] },
    'expected a name other than a documented field, one of our addresses or a card security code',
  ],
  ...[
    [
      'country',
      { country: 'XX' },
      'expected a country, and a region of it, whose holidays are known, such as DE and BY',
    ],
    ['cutOff', { cutOff: '24:00' }, 'expected a time of day such as 16:00'],
    ['zone', { zone: '+01:00' }, 'expected the name of a time zone such as Europe/Berlin'],
  ].map(([field, change, expected]): [string, object, string] => [
    `calendar.${field}`,
    { calendar: { country: 'DE', cutOff: '16:00', zone: 'Europe/Berlin', ...(change as object) } },
    String(expected),
  ]),
])('%s out of bounds is named, not repeated', (field, change, expected) => {
  const [problem, ...more] = problemsOf({ ...ENTRY, ...change });
  expect([problem?.endsWith(`${field}: ${expected}`), more]).toEqual([true, []]);
});

it('a full entry is read whole, its key files relative to the file', () => {
  const { name, baseUrl, login } = ENTRY;
  const full = {
    ...{ name, baseUrl, login },
    endpointGroupId: '77',
    controlKeyFile: 'keys/control',
    olderControlKeys: ['SECRET-CONTROL-KEY-1'],
    olderControlKeyFiles: ['keys/older'],
    privateKeyFile: '/absolute/private.pem',
    statusApi: 'v4',
    replyFormat: 'json',
    currencies: ['EUR', 'USD'],
    extraFields: [{ name: 'sender_name', required: true }],
    requiredFields: ['receiver.email', 'destination.bankCode', 'purpose'],
    pollPlan: [{ every: '1s', until: '1m' }],
    calendar: { country: 'DE', region: 'BY', cutOff: '16:00', zone: 'Europe/Berlin' },
    ratePerSecond: 2.5,
    redirectHosts: ['forms.example.com', 'localhost:8090'],
  };
  expect(read([full])).toEqual({
    problems: [],
    items: [
      {
        ...{ name, baseUrl, login },
        target: { kind: 'group', id: '77' },
        controlKey: 'SECRET-CONTROL-KEY-2',
        olderControlKeys: ['SECRET-CONTROL-KEY-1', 'SECRET-CONTROL-KEY-3'],
        privateKeyPem: PEM,
        statusApi: 'v4',
        replyFormat: 'json',
        currencies: ['EUR', 'USD'],
        extraFields: [{ name: 'sender_name', required: true, maxLength: 255 }],
        fieldLengths: { accountNumber: 24, bankCode: 3 },
        collect: ['bank_account'],
        payoutTypes: ['payout', 'none'],
        callbackFields: 'both',
        requiredFields: ['receiver.email', 'destination.bankCode', 'purpose'],
        pollPlan: [{ everyMs: 1_000, untilMs: 60_000 }],
        calendar: { country: 'DE', region: 'BY', cutOff: '16:00', zone: 'Europe/Berlin' },
        ratePerSecond: 2.5,
        redirectHosts: ['forms.example.com', 'localhost:8090'],
      },
    ],
  });
});

it('tells which files hold secrets, and by which field', () => {
  const files: SecretFile[] = [];
  const { controlKey: _, privateKey: __, ...rest } = ENTRY;
  const fields = { controlKeyFile: 'keys/control', olderControlKeyFiles: ['keys/older'] };
  read([{ ...rest, ...fields, privateKeyFile: '/absolute/private.pem' }], files);
  const where = `ENDPOINTS_FILE ${FILE}: endpoint sepa`;
  expect(files).toEqual([
    { setting: `${where}: controlKeyFile`, path: '/etc/payouts/keys/control' },
    { setting: `${where}: privateKeyFile`, path: '/absolute/private.pem' },
    { setting: `${where}: olderControlKeyFiles.0`, path: '/etc/payouts/keys/older' },
  ]);
  files.length = 0;
  read([ENTRY], files);
  expect(files).toEqual([{ setting: 'ENDPOINTS_FILE', path: FILE }]);
});

describe('a file that cannot be used', () => {
  it.each([
    ['{', 'expected JSON'],
    ['{}', 'expected a list of endpoints, at least one'],
    ['[]', 'expected a list of endpoints, at least one'],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual({ items: [], problems: [`ENDPOINTS_FILE ${FILE}: ${expected}`] });
  });

  it('one that is not there', () => {
    const readFile = () => {
      throw new Error('ENOENT /none');
    };
    const { problems } = readEndpointsFile('/none', { readFile, secretFiles: [] });
    expect(problems).toEqual(['ENDPOINTS_FILE /none: expected the path of a readable file']);
  });
});

describe('a complaint names file, entry and field', () => {
  const at = (problem: string) => [`ENDPOINTS_FILE ${FILE}: endpoint sepa: ${problem}`];
  it.each<[string, object, string]>([
    ['a base URL', { ...ENTRY, baseUrl: 'ftp://S3CR3T' }, 'baseUrl: expected an https URL (http to loopback only)'],
    ['a base URL in clear', { ...ENTRY, baseUrl: 'http://S3CR3T/paynet' }, 'baseUrl: expected an https URL'],
    [
      'a security code',
      { ...ENTRY, extraFields: [{ name: 'card_cvc2' }] },
      'extraFields.0.name: expected a name other than a documented field, one of our addresses or a card security code',
    ],
    ['no id', without('endpointId'), 'endpointId: expected exactly one of endpointId and endpointGroupId'],
    ['two ids', { ...ENTRY, endpointGroupId: 1 }, 'endpointId: expected exactly one of endpointId and endpointGroupId'],
    ['an id', { ...ENTRY, endpointId: 'S3CR3T' }, 'endpointId: expected a number'],
    ['no control key', without('controlKey'), 'controlKey: expected exactly one of controlKey and controlKeyFile'],
    [
      'two',
      { ...ENTRY, controlKeyFile: 'S3CR3T' },
      'controlKey: expected exactly one of controlKey and controlKeyFile',
    ],
    ['a short control key', { ...ENTRY, controlKey: 'S3CR3T' }, 'controlKey: expected 16 to 128 visible'],
    ['an older one', { ...ENTRY, olderControlKeys: ['S3CR3T'] }, 'olderControlKeys.0: expected 16 to 128 visible'],
    ['no private key', without('privateKey'), 'privateKey: expected exactly one of privateKey and privateKeyFile'],
    ['a private key', { ...ENTRY, privateKey: 'S3CR3T' }, 'privateKey: expected an RSA private key in PEM'],
    ['a currency', { ...ENTRY, currencies: ['EUR', 'S3CR3T'] }, 'currencies.1: expected an upper-case ISO 4217 code'],
    ['no currency', { ...ENTRY, currencies: [] }, 'currencies: expected at least one currency, or no list'],
    ['a field', { ...ENTRY, requiredFields: ['S3CR3T'] }, 'requiredFields.0: expected a field such as receiver.email'],
    ['a plan', { ...ENTRY, pollPlan: [{ every: 'S3CR3T', until: '1m' }] }, 'pollPlan.0.every: expected a duration'],
    ['a rate', { ...ENTRY, ratePerSecond: 0 }, 'ratePerSecond: expected a number of calls per second'],
    ['a host', { ...ENTRY, redirectHosts: ['https://S3CR3T'] }, 'redirectHosts.0: expected a lower-case host name'],
    ['a status API', { ...ENTRY, statusApi: 'S3CR3T' }, 'statusApi: '],
    ['an unknown field', { ...ENTRY, controlkey: 'S3CR3T' }, 'controlkey: expected no field of this name'],
    ['an unspeakable field', { ...ENTRY, 'S3CR3T S3CR3T': 1 }, '(unreadable name): expected no field of this name'],
  ])('%s', (_what, entry, expected) => {
    const problems = problemsOf(entry);
    expect(problems).toEqual([expect.stringContaining(at(expected)[0] ?? '')]);
    expect(problems.join('\n')).not.toContain('S3CR3T');
  });

  it.each([
    [
      'controlKeyFile',
      { ...without('controlKey'), controlKeyFile: 'keys/none' },
      'expected the path of a readable file',
    ],
    [
      'controlKeyFile',
      { ...without('controlKey'), controlKeyFile: 'keys/short' },
      'expected 16 to 128 visible ASCII characters',
    ],
    [
      'olderControlKeyFiles.0',
      { ...ENTRY, olderControlKeyFiles: ['keys/short'] },
      'expected 16 to 128 visible ASCII characters',
    ],
  ])('%s in a file', (field, entry, expected) => {
    expect(problemsOf(entry)).toEqual(at(`${field}: ${expected}`));
  });

  it('one without a usable name goes by its place', () => {
    expect(problemsOf(ENTRY, { ...ENTRY, name: 'S3CR3T' })).toEqual([
      `ENDPOINTS_FILE ${FILE}: entry 2: name: expected a lower-case letter followed by at most 31 lower-case letters, digits or "-"`,
    ]);
  });

  it('two of one name', () => {
    expect(problemsOf(ENTRY, ENTRY)).toEqual(at('name: expected no other endpoint of this name'));
  });
});
