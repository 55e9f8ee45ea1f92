import { readNotificationsFile } from '../../src/config/notifications-file';
import type { SecretFile } from '../../src/config/secret-files';
import { NOTIFICATION_TYPES } from '../../src/domain/notification';

const FILE = '/etc/payouts/notifications.json';
const [SECRET, OTHER, THIRD] = ['A', 'B', 'C'].map((letter) => `whsec_${letter.repeat(32)}`) as [
  string,
  string,
  string,
];
const ENTRY = { name: 'erp', url: 'https://erp.example.com/hooks?token=SECRET', secret: SECRET };
const FILES: Readonly<Record<string, string>> = {
  '/etc/payouts/keys/erp': `${OTHER}\n`,
  '/etc/payouts/keys/older': `${THIRD}\n`,
  '/etc/payouts/keys/short': 'whsec_SECRET\n',
};

function read(entries: unknown, secretFiles: SecretFile[] = []) {
  const text = typeof entries === 'string' ? entries : JSON.stringify(entries);
  const readFile = (path: string) => {
    const content = path === FILE ? text : FILES[path];
    if (content === undefined) throw new Error('no such file');
    return content;
  };
  return readNotificationsFile(FILE, { readFile, secretFiles, endpoints: ['default', 'sepa'] });
}

it('a short entry is filled up with defaults', () => {
  expect(read([ENTRY])).toEqual({
    problems: [],
    items: [
      {
        ...{
          name: 'erp',
          tenant: 'default',
          url: ENTRY.url,
          secrets: [SECRET],
          events: NOTIFICATION_TYPES,
          endpoints: null,
        },
        allowPrivateAddresses: false,
      },
    ],
  });
});

it('everything can be said, with secrets in files beside it, the newest first', () => {
  const entry = {
    ...{ name: 'ledger', url: 'http://127.0.0.1:9000/', secretFile: 'keys/erp', olderSecrets: [SECRET] },
    ...{ olderSecretFiles: ['/etc/payouts/keys/older'], events: ['payout.approved'], endpoints: ['sepa'] },
    allowPrivateAddresses: true,
  };
  const [subscriber] = read([entry]).items;
  expect(subscriber).toMatchObject({
    ...{ name: 'ledger', secrets: [OTHER, SECRET, THIRD], events: ['payout.approved'], endpoints: ['sepa'] },
    allowPrivateAddresses: true,
  });
});

it('tells which files hold secrets, and by which field', () => {
  const files: SecretFile[] = [];
  const { secret: _, ...rest } = ENTRY;
  read([{ ...rest, secretFile: 'keys/erp', olderSecretFiles: ['/etc/payouts/keys/older'] }], files);
  const where = `NOTIFICATIONS_FILE ${FILE}: subscriber erp`;
  expect(files).toEqual([
    { setting: `${where}: secretFile`, path: '/etc/payouts/keys/erp' },
    { setting: `${where}: olderSecretFiles.0`, path: '/etc/payouts/keys/older' },
  ]);
  files.length = 0;
  read([ENTRY], files);
  expect(files).toEqual([{ setting: 'NOTIFICATIONS_FILE', path: FILE }]);
});

it('an empty list notifies no one', () => {
  expect(read([])).toEqual({ problems: [], items: [] });
});

it.each([
  [
    { name: 'ERP' },
    'entry 1: name: expected a lower-case letter followed by at most 31 lower-case letters, digits or "-"',
  ],
  [{ url: 'http://erp.example.com/SECRET' }, 'subscriber erp: url: expected an https URL on port 443 or 8443'],
  [{ url: 'https://user:SECRET@erp.example.com/' }, 'subscriber erp: url: expected an https URL'],
  [{ url: 'https://10.0.0.1/SECRET' }, 'subscriber erp: url: expected an https URL'],
  [{ secret: 'SECRET' }, 'subscriber erp: secret: expected whsec_ and the base64 of 24 to 64 bytes'],
  [{ secret: undefined }, 'subscriber erp: secret: expected exactly one of secret and secretFile'],
  [{ secretFile: 'keys/erp' }, 'subscriber erp: secret: expected exactly one of secret and secretFile'],
  [{ secret: undefined, secretFile: 'keys/short' }, 'subscriber erp: secretFile: expected whsec_'],
  [
    { secret: undefined, secretFile: 'SECRET/none' },
    'subscriber erp: secretFile: expected the path of a readable file',
  ],
  [{ olderSecrets: ['SECRET'] }, 'subscriber erp: olderSecrets.0: expected whsec_'],
  [{ olderSecretFiles: ['keys/short'] }, 'subscriber erp: olderSecretFiles.0: expected whsec_'],
  [{ events: ['payout.SECRET'] }, 'subscriber erp: events.0: expected an event such as payout.approved'],
  [{ events: [] }, 'subscriber erp: events: expected at least one event, or no list'],
  [{ endpoints: [] }, 'subscriber erp: endpoints: expected at least one endpoint, or no list'],
  [{ endpoints: ['elsewhere'] }, 'subscriber erp: endpoints: expected names of configured endpoints'],
  [{ more: 'SECRET' }, 'subscriber erp: more: expected no field of this name'],
])('%j is refused by its field, without its value', (over, expected) => {
  const { problems } = read([{ ...ENTRY, ...over }]);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`NOTIFICATIONS_FILE ${FILE}: ${expected}`);
  expect(problems[0]).not.toContain('SECRET');
});

it('a name belongs to one subscriber', () => {
  expect(read([ENTRY, { ...ENTRY, secret: OTHER }]).problems).toEqual([
    `NOTIFICATIONS_FILE ${FILE}: subscriber erp: name: expected no other subscriber of this name`,
  ]);
});

it.each([
  ['{', 'expected JSON'],
  ['{}', 'expected a list of subscribers'],
])('%s is no file of subscribers', (text, expected) => {
  expect(read(text).problems).toEqual([`NOTIFICATIONS_FILE ${FILE}: ${expected}`]);
});

it('a file that is not there is named', () => {
  const readFile = () => {
    throw new Error('no such file');
  };
  expect(readNotificationsFile(FILE, { readFile, secretFiles: [], endpoints: [] }).problems).toEqual([
    `NOTIFICATIONS_FILE ${FILE}: expected the path of a readable file`,
  ]);
});
