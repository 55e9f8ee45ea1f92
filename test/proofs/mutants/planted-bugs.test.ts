import { PLANTED_BUGS } from './bugs';
import { type PlantedBug, plant, type Source } from './planted-bug';
import { readSources, readVerdict, selectTests } from './planted-tree';

const SOURCES = readSources();
const BUG: PlantedBug = { id: 'no-check', rule: 'It is checked.', find: 'check(a, b);', replace: '' };
const source = (text: string): Source => ({ file: 'src/checked.ts', text });

test.each(PLANTED_BUGS)('$id can be planted in the present source, for tests that exist', (bug) => {
  expect(selectTests(bug, plant(SOURCES, bug)).length).toBeGreaterThanOrEqual(1);
});

test('no id is there twice', () => {
  expect(new Set(PLANTED_BUGS.map(({ id }) => id)).size).toBe(PLANTED_BUGS.length);
});

describe('planting', () => {
  it.each(['a();check(a, b); c();', 'a();check(\n  a,\n  b,\n); c();'])('finds the one place in %j', (text) => {
    const bug = { ...BUG, replace: "$& $1 $'" };
    expect(plant([source('a();'), source(text)], bug)).toEqual(source("a();$& $1 $' c();"));
  });

  it.each([[[]], [['a();']], [['check(a, b);', 'check(a,b);']], [['check(a, b); check(a, b);']]])(
    'refuses %j, which does not hold the text exactly once',
    (texts) => expect(() => plant(texts.map(source), BUG)).toThrow(/^no-check: expected its text exactly once/),
  );

  it('refuses to change nothing but the layout', () => {
    expect(() => plant([source('check(a, b);')], { ...BUG, replace: 'check(a,b);' })).toThrow(/changes something/);
  });
});

describe('the verdict', () => {
  const file = (message: string, ...statuses: string[]) => ({
    message,
    assertionResults: statuses.map((status) => ({ status, fullName: `it is ${status}` })),
  });

  it.each([
    ['caught', 'a test failed', [file('', 'passed', 'failed')]],
    ['survived', 'all passed', [file('', 'passed', 'pending'), file('', 'passed')]],
    ['no verdict', 'a file crashed', [file('SyntaxError'), file('', 'passed')]],
    ['no verdict', 'no test ran', [file('', 'pending')]],
    ['no verdict', 'there is no file', []],
  ])('is %s when %s', (kind, _when, testResults) => {
    expect(readVerdict({ testResults }).kind).toBe(kind);
  });
});
