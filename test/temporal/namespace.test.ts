import { describeNamespaceProblems, findNamespaceProblems, SEARCH_ATTRIBUTES } from '../../src/temporal/namespace';
import { listSetupCommands, setUpNamespace } from '../../src/temporal/namespace-setup';
import { createFakeServer } from './fake-server';

const target = (isLoopback = false) => ({ connectionOptions: { address: 'x:1' }, namespace: 'payouts', isLoopback });
const find = (server: ReturnType<typeof createFakeServer>, isLoopback = false) =>
  findNamespaceProblems(server.connection, target(isLoopback));
const sentences = async (found: ReturnType<typeof find>) =>
  (await found).map(({ field, expected }) => `${field}: ${expected}`);

describe('looking', () => {
  it.each([14, 90])('nothing is missing with %i days', async (days) => {
    expect(await find(createFakeServer({ days }))).toEqual([]);
  });

  it.each([13, 1, 0])('%i days forget payouts too soon, but on this machine', async (days) => {
    const server = createFakeServer({ days });
    expect(await sentences(find(server))).toEqual([
      `retention of namespace payouts: at least 14 days, better 90; found ${days}`,
    ]);
    expect(await find(server, true)).toEqual([]);
  });

  it('a namespace of several clusters is refused to a process that sends, and to no other', async () => {
    const demands = { ...target(), refusesReplicated: true };
    const replicated = createFakeServer({ clusters: ['east', 'west'] });
    expect((await findNamespaceProblems(replicated.connection, demands)).map(({ kind }) => kind)).toEqual([
      'replicated',
    ]);
    expect(await find(replicated)).toEqual([]);
    const single = createFakeServer({ clusters: ['east'] });
    expect(await findNamespaceProblems(single.connection, demands)).toEqual([]);
  });

  it('no namespace', async () => {
    expect(await sentences(find(createFakeServer({ namespaces: [] })))).toEqual([
      'namespace payouts: one of this name; found none',
    ]);
  });

  it('a missing attribute and one of another type', async () => {
    const server = createFakeServer({ attributes: { PayoutState: null, AmountMinor: 'Keyword' } });
    expect(await sentences(find(server))).toEqual([
      'search attribute PayoutState: type Keyword; found none',
      'search attribute AmountMinor: type Int; found Keyword',
    ]);
  });

  it.each([7, 12])('status %i for the operator’s calls: attributes are found by queries', async (code) => {
    const fail = { listSearchAttributes: code };
    expect(await find(createFakeServer({ fail }))).toEqual([]);
    const server = createFakeServer({ fail, attributes: { NextDeadline: null, PayoutState: 'Int' } });
    expect((await find(server)).map(({ attribute }) => attribute)).toEqual(['PayoutState', 'NextDeadline']);
  });

  it.each([
    [7, 'permission: access to namespace payouts'],
    [16, 'credentials: ones that Temporal accepts'],
  ])('status %i', async (code, sentence) => {
    expect(await sentences(find(createFakeServer({ fail: { describeNamespace: code } })))).toEqual([sentence]);
  });

  it.each([4, 8, 13, 14])('status %i is no answer', async (code) => {
    await expect(find(createFakeServer({ fail: { describeNamespace: code } }))).rejects.toThrow();
    await expect(find(createFakeServer({ fail: { listSearchAttributes: code } }))).rejects.toThrow();
  });

  it('a process that refuses to start says the command', async () => {
    const problems = await find(createFakeServer({ attributes: { PayoutState: null } }));
    expect(describeNamespaceProblems(problems)).toBe(
      'search attribute PayoutState: expected type Keyword; found none\nTo set up what is missing: npm run namespace -- --apply',
    );
  });
});

describe('setting up', () => {
  it('makes what is missing, and nothing the second time', async () => {
    const server = createFakeServer({ namespaces: [] });
    expect(await setUpNamespace(server.connection, 'payouts')).toEqual([]);
    expect(server.writes).toEqual(['register 90 days', `add ${SEARCH_ATTRIBUTES.map(([name]) => name).join(' ')}`]);
    expect(await setUpNamespace(server.connection, 'payouts')).toEqual([]);
    expect(server.writes).toHaveLength(2);
  });

  it('lengthens a retention, and never shortens one', async () => {
    const server = createFakeServer({ days: 3 });
    expect(await setUpNamespace(server.connection, 'payouts')).toEqual([]);
    expect(server.writes).toEqual(['update 90 days']);
    const longer = createFakeServer({ days: 365 });
    await setUpNamespace(longer.connection, 'payouts');
    expect(longer.writes).toEqual([]);
  });

  it('leaves an attribute of another type to a person', async () => {
    const server = createFakeServer({ attributes: { PayoutState: 'Text' } });
    expect((await setUpNamespace(server.connection, 'payouts')).map(({ kind }) => kind)).toEqual(['attribute_type']);
    expect(server.writes).toEqual([]);
  });

  it.each([
    ['registerNamespace', { namespaces: [] }, 7, 'creating the namespace: the permission to do it; it was refused'],
    ['registerNamespace', { namespaces: [] }, 12, 'creating the namespace: a server with this call; it has none'],
    ['updateNamespace', { days: 1 }, 7, 'changing the retention: the permission to do it; it was refused'],
    [
      'addSearchAttributes',
      { attributes: { PayoutState: null } },
      3,
      'adding search attributes: room for them; the namespace cannot have more than 10 search attribute of type Keyword',
    ],
  ] as const)('%s refused, %j, status %i', async (call, options, code, sentence) => {
    const server = createFakeServer({ ...options, fail: { [call]: code } });
    expect((await sentences(setUpNamespace(server.connection, 'payouts'))).at(-1)).toBe(sentence);
    expect(server.writes).toEqual([]);
  });

  it('an outage is no refusal', async () => {
    const server = createFakeServer({ days: 1, fail: { updateNamespace: 14 } });
    await expect(setUpNamespace(server.connection, 'payouts')).rejects.toThrow();
  });
});

it.each([
  [
    'temporal.example.org:7233',
    [
      'temporal operator namespace update --namespace payouts --retention 90d',
      'temporal operator search-attribute create --namespace payouts --name AmountMinor --type Int',
    ],
  ],
  [
    'payouts.a1b2.tmprl.cloud:7233',
    [
      'tcld namespace retention set --namespace payouts --retention-days 90',
      'tcld namespace search-attributes add --namespace payouts --search-attribute "AmountMinor=Int"',
    ],
  ],
])('by hand at %s', async (address, commands) => {
  const problems = await find(createFakeServer({ days: 1, attributes: { AmountMinor: null, PayoutState: 'Int' } }));
  expect(listSetupCommands(problems, { ...target(), connectionOptions: { address } })).toEqual(commands);
});

it('by hand without a namespace: all of it', async () => {
  const problems = await find(createFakeServer({ namespaces: [] }));
  const commands = listSetupCommands(problems, target());
  expect(commands[0]).toBe('temporal operator namespace create --namespace payouts --retention 90d');
  expect(commands).toHaveLength(1 + SEARCH_ATTRIBUTES.length);
});
