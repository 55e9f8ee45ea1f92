import { hideSent, readHookAnswer } from '../../src/domain/hook';

it.each([
  ['{"verdict":"allow"}', { verdict: 'allow' }],
  ['{"verdict":"allow","reason":7,"score":1}', { verdict: 'allow' }],
  ['{"verdict":"hold","reason":"like a name on a list"}', { verdict: 'hold', reason: 'like a name on a list' }],
  [`{"verdict":"deny","reason":"${'é'.repeat(200)}"}`, { verdict: 'deny', reason: 'é'.repeat(200) }],
])('%s is a verdict', (body, answer) => {
  expect(readHookAnswer(body)).toEqual(answer);
});

it.each([
  '',
  'allow',
  'null',
  '[]',
  '{}',
  '"allow"',
  '{"verdict":"ALLOW"}',
  '{"verdict":"allow',
  '{"verdict":["allow"]}',
  '{"verdict":true}',
  '{"verdict":"deny"}',
  '{"verdict":"hold","reason":null}',
  '{"verdict":"hold","reason":""}',
  '{"verdict":"hold","reason":" \\u200b"}',
  '{"verdict":"hold","reason":"two\\nlines"}',
  '{"verdict":"hold","reason":"turned \\u202e round"}',
  `{"verdict":"deny","reason":"${'x'.repeat(201)}"}`,
])('%s is none', (body) => {
  expect(readHookAnswer(body)).toEqual({ verdict: 'unusable', cause: 'malformed' });
});

it('what was sent does not come back in a reason, whatever the case, and longer values go first', () => {
  const sent = {
    receiver: { lastName: 'Moss', city: 'Mossley' },
    destination: { accountNumber: 'a.b+c', country: 'DE' },
  };
  expect(hideSent('MOSS of Mossley, account A.B+C in DE', sent)).toBe('•••• of ••••, account •••• in DE');
  expect(hideSent('nothing of it', sent)).toBe('nothing of it');
  // Lists have names in plain letters, or have accents that were left out.
  for (const [name, listed] of [
    ['Müller', 'MULLER'],
    ['Novak', 'Novák'],
    ['Müller', 'Mu\u0308ller'],
  ] as const)
    expect(hideSent(`as ${listed} on the list`, { name })).toBe('as •••• on the list');
  expect(hideSent('café, as ever', { name: '\u0301'.repeat(3) })).toBe('café, as ever');
  const signs = '\\^$.*+?()[]{}|/-&_ #';
  expect(hideSent(`as ${signs} is`, [signs])).toBe('as •••• is');
});
