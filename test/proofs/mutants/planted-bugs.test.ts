import { exists, readText } from '../../docs/documents';
import { PLANTED_BUGS } from './bugs';
import { type PlantedBug, plant } from './planted-bug';
import { confirmVerdict, readVerdict, type Verdict } from './verdict';

const BUG: PlantedBug = {
  id: 'no-check',
  promise: 'never pay twice',
  rule: 'It is checked.',
  planted: 'not checked',
  file: 'src/checked.ts',
  find: 'check();',
  replace: '',
  tests: ['test/checked.test.ts'],
};

describe.each(PLANTED_BUGS)('$id', (bug) => {
  it('can still be planted in the present source', () => {
    const source = readText(bug.file);
    expect(plant(source, bug)).toHaveLength(source.length - bug.find.length + bug.replace.length);
  });

  it('is for tests that exist', () => {
    expect(bug.tests.length).toBeGreaterThanOrEqual(1);
    expect(bug.tests.filter((file) => !/^test\/.+\.test\.ts$/.test(file) || !exists(file))).toEqual([]);
  });
});

test('no id stands there twice', () => {
  expect(new Set(PLANTED_BUGS.map(({ id }) => id)).size).toBe(PLANTED_BUGS.length);
});

describe('planting', () => {
  it('replaces the one place', () => expect(plant('a(); check(); b();', BUG)).toBe('a();  b();'));

  it.each(['', 'a();', 'check(); check();'])('refuses %j, where the text does not stand exactly once', (source) => {
    expect(() => plant(source, BUG)).toThrow(/^no-check: expected its text exactly once in src\/checked\.ts/);
  });

  it('refuses to change nothing', () => {
    expect(() => plant('check();', { ...BUG, replace: BUG.find })).toThrow(/changes something/);
  });

  it('takes the replacement as it is', () => {
    expect(plant('check();', { ...BUG, replace: "$& $1 $'" })).toBe("$& $1 $'");
  });
});

describe('the verdict', () => {
  const file = (message: string, ...statuses: string[]) => ({
    name: '/tree/test/checked.test.ts',
    message,
    assertionResults: statuses.map((status) => ({ status, title: `is ${status}`, ancestorTitles: ['it'] })),
  });
  const read = (...testResults: ReturnType<typeof file>[]) => readVerdict(JSON.stringify({ testResults }), '/tree');

  it('is caught by a test that failed, by name', () => {
    expect(read(file('', 'passed', 'failed'))).toEqual({
      kind: 'caught',
      tests: [{ file: 'test/checked.test.ts', name: 'it › is failed' }],
    });
  });

  it('is survived when all passed', () => {
    expect(read(file('', 'passed', 'pending'), file('', 'passed'))).toEqual({ kind: 'survived', greenTests: 2 });
  });

  it.each([
    ['a file crashed', [file('SyntaxError: here\nthere'), file('', 'passed')]],
    ['no test ran', [file('', 'pending')]],
    ['there is no file', []],
  ])('is none when %s', (_name, files) => {
    expect(read(...files)).toMatchObject({ kind: 'no_verdict' });
  });
});

describe('a second run', () => {
  const caught = (...names: string[]): Verdict => ({
    kind: 'caught',
    tests: names.map((name) => ({ file: 'test/checked.test.ts', name })),
  });
  const survived: Verdict = { kind: 'survived', greenTests: 1 };

  it.each([
    ['red both times is caught', caught('a', 'b'), caught('b', 'c'), caught('b')],
    ['red once, by chance, is survived', caught('a'), survived, survived],
  ])('%s', (_name, first, second, verdict) => expect(confirmVerdict(first, second)).toEqual(verdict));

  it('red in another place each time is no verdict', () => {
    expect(confirmVerdict(caught('a'), caught('b'))).toMatchObject({ kind: 'no_verdict' });
  });
});
