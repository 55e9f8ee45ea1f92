import { readPoliciesFile } from '../../src/config/policies-file';
import type { SecretFile } from '../../src/config/secret-files';

const FILE = '/etc/payouts/policies.yaml';
const SECRET = `whsec_${'A'.repeat(32)}`;
const secretFiles: SecretFile[] = [];
const read = (text: string) =>
  readPoliciesFile(FILE, {
    ...{ endpoints: ['sepa', 'cards'], secretFiles },
    readFile: (path) => {
      if (path === '/etc/payouts/hook.secret') return `${SECRET}\n`;
      if (path !== FILE) throw new Error('no such file');
      return text;
    },
  });
const problemsOf = (text: string) =>
  read(text).problems.map((problem) => problem.replace(`POLICIES_FILE ${FILE}: `, ''));

const WHOLE = `# four eyes above a thousand
rules:
  - name: large
    match: { currency: EUR, amountFrom: "1000", tenant: [shop, app], endpoint: sepa }
    approvals: 2
    expiresIn: 3d
    approvalsFor: [send, resend, resolve]
  - name: first
    match: { newReceiver: true, destinationKind: [card, card_ref] }
    approvals: 1
  - name: twice
    hold: { sameReceiverAndAmountWithin: 24h }
  - name: sanctions
    match: { endpoint: sepa }
    hook:
      url: https://checks.example.com/payouts
      secretFile: hook.secret
      send: [destination, receiver]
    expiresIn: 1d
  - name: closed
    match: { endpoint: cards }
    deny: Cards are not paid this week.
`;
const DAY = 86_400_000;

it('is read rule by rule, in its order', () => {
  expect(read(WHOLE)).toEqual({
    problems: [],
    hooks: [
      {
        ...{ rule: 'sanctions', url: 'https://checks.example.com/payouts', secrets: [SECRET] },
        allowPrivateAddresses: false,
      },
    ],
    rules: [
      {
        name: 'large',
        match: { currency: ['EUR'], amountFrom: '1000', tenant: ['shop', 'app'], endpoint: ['sepa'] },
        approvals: { needed: 2, expiresInMs: 3 * DAY },
        guard: { needed: 2, expiresInMs: 3 * DAY, acts: ['resend', 'resolve'] },
      },
      {
        name: 'first',
        match: { newReceiver: true, destinationKind: ['card', 'card_ref'] },
        approvals: { needed: 1, expiresInMs: 7 * DAY },
      },
      { name: 'twice', match: {}, hold: { withinMs: DAY, expiresInMs: 7 * DAY } },
      {
        ...{ name: 'sanctions', match: { endpoint: ['sepa'] } },
        hook: {
          ...{ needed: 1, expiresInMs: DAY, timeoutMs: 5_000, deadlineMs: 300_000 },
          send: ['receiver', 'destination'],
        },
      },
      { name: 'closed', match: { endpoint: ['cards'] }, deny: 'Cards are not paid this week.' },
    ],
  });
});

it('JSON is read too', () => {
  expect(read('{"rules": [{"name": "all", "approvals": 1}]}')).toMatchObject({
    problems: [],
    rules: [{ name: 'all' }],
  });
});

const URL = 'url: https://checks.example.com/';
const hook = (...lines: string[]) => rule('hook:', ...lines.map((line) => `  ${line}`));
const rule = (...lines: string[]) => ['rules:', '  - name: one', ...lines.map((line) => `    ${line}`)].join('\n');

it.each([
  [rule('approvals: -1'), 'line 3: rules.0.approvals'],
  [rule('approvals: "2"'), 'line 3: rules.0.approvals'],
  [rule('approvals: 1', 'expiresIn: soon'), 'line 4: rules.0.expiresIn'],
  [rule('approvals: 1', 'expiresIn: 91d'), 'line 4: rules.0.expiresIn'],
  [rule('deny: no', 'expiresIn: 1d'), 'line 4: rules.0.expiresIn'],
  [rule('deny: no', 'approvalsFor: [resend]'), 'line 4: rules.0.approvalsFor'],
  [rule('approvals: 1', 'approvalsFor: [cancel]'), 'line 4: rules.0.approvalsFor.0'],
  [rule('approvals: 1', 'match:', '  currency: Euro'), 'line 5: rules.0.match.currency'],
  [rule('approvals: 1', 'match:', '  amountFrom: 1000'), 'line 5: rules.0.match.amountFrom'],
  [rule('approvals: 1', 'match:', '  amountFrom: "1000"'), 'line 5: rules.0.match.currency'],
  [rule('approvals: 1', 'match: { currency: [EUR, USD], amountFrom: "10" }'), 'line 4: rules.0.match.currency'],
  [rule('approvals: 1', 'match: { currency: JPY, amountFrom: "10.5" }'), 'line 4: rules.0.match.amountFrom'],
  [rule('approvals: 1', 'match: { endpoint: elsewhere }'), 'line 4: rules.0.match.endpoint'],
  [rule('approvals: 1', 'match: { destinationKind: cash }'), 'line 4: rules.0.match.destinationKind'],
  [rule('approvals: 1', 'match: { newReceiver: maybe }'), 'line 4: rules.0.match.newReceiver'],
  [rule('approvals: 1', 'match: { colour: red }'), 'line 4: rules.0.match.colour'],
  [rule('hold: { sameReceiverAndAmountWithin: 32d }'), 'line 3: rules.0.hold.sameReceiverAndAmountWithin'],
  [rule('match: { endpoint: sepa }'), 'line 2: rules.0.name'],
  [rule('limit: { amount: "10", per: day }'), 'line 2: rules.0.match.currency'],
  [rule('limit: { amount: 10, per: day }', 'match: { currency: EUR }'), 'line 3: rules.0.limit.amount'],
  [rule('limit: { amount: "10.001", per: day }', 'match: { currency: EUR }'), 'line 3: rules.0.limit.amount'],
  [
    rule('limit: { amount: "90071992547409.92", per: day }', 'match: { currency: EUR }'),
    'line 3: rules.0.limit.amount',
  ],
  [rule('limit: { amount: "10", per: week }', 'match: { currency: EUR }'), 'line 3: rules.0.limit.per'],
  [rule('limit: { amount: "10", per: day, zone: Mars }', 'match: { currency: EUR }'), 'line 3: rules.0.limit.zone'],
  [rule('limit: { amount: "10", per: day, over: pay }', 'match: { currency: EUR }'), 'line 3: rules.0.limit.over'],
  [hook('secretFile: hook.secret', 'url: http://checks.example.com/'), 'line 5: rules.0.hook.url'],
  [hook('secretFile: hook.secret', 'url: https://10.0.0.1/'), 'line 5: rules.0.hook.url'],
  [hook(URL), 'line 4: rules.0.hook.secret'],
  [hook(URL, 'secret: short'), 'line 5: rules.0.hook.secret'],
  [hook(URL, 'secretFile: missing'), 'line 4: rules.0.hook.secretFile'],
  [hook(URL, `secret: ${SECRET}`, 'send: [cvv]'), 'line 6: rules.0.hook.send.0'],
  [hook(URL, `secret: ${SECRET}`, 'timeout: 31s'), 'line 6: rules.0.hook.timeout'],
  [hook(URL, `secret: ${SECRET}`, 'deadline: 2s'), 'line 6: rules.0.hook.deadline'],
  [hook(URL, `secret: ${SECRET}`, 'approvals: 0'), 'line 6: rules.0.hook.approvals'],
  [hook(URL, `secret: ${SECRET}`, 'colour: red'), 'line 4: rules.0.hook.colour'],
  [rule('approvals: 1', 'colour: red'), 'line 2: rules.0.colour'],
  [`${rule('approvals: 1')}\n  - name: one\n    deny: no`, 'line 4: rules.1.name'],
  ['rules: []', 'line 1: rules'],
  ['rules: *nothing', 'line 1'],
  ['rules:\n  - name: [', 'line 2'],
  ['', 'line 1'],
  ['a: &a [1]\nrules: [*a, *a, *a]', 'line 1'],
])('what is wrong has its line and field: %j', (text, where) => {
  const [problem = '', ...others] = problemsOf(text);
  expect(problem.slice(0, where.length)).toBe(where);
  expect(problem).toMatch(/expected /);
  expect(others.every((other) => other.startsWith('line '))).toBe(true);
  expect(read(text).problems.length).toBeGreaterThan(0);
});

it('no value is repeated in what is wrong', () => {
  const text = rule('approvals: 1', 'match: { tenant: SECRET-VALUE, currency: SECRET-VALUE }');
  expect(problemsOf(text).join()).not.toContain('SECRET-VALUE');
});

it('a file that cannot be read says so', () => {
  const sources = { endpoints: null, secretFiles, readFile: () => readMissing() };
  expect(readPoliciesFile(FILE, sources).problems).toEqual([
    `POLICIES_FILE ${FILE}: expected the path of a readable file`,
  ]);
});

function readMissing(): never {
  throw new Error('no such file');
}

it('a file that holds the secret of a hook is one to keep to oneself, and so is a file of a secret', () => {
  secretFiles.length = 0;
  const { rules } = read(hook(URL, `secret: ${SECRET}`));
  expect(JSON.stringify(rules)).not.toMatch(/whsec_|checks\.example/);
  read(hook(URL, 'secretFile: hook.secret'));
  expect(secretFiles.map(({ path }) => path)).toEqual([FILE, '/etc/payouts/hook.secret']);
});
