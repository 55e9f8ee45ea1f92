/** What the tests said of one planted bug. */
export type Verdict =
  | { readonly kind: 'caught'; readonly tests: readonly RedTest[] }
  | { readonly kind: 'survived'; readonly greenTests: number }
  /** No proof either way: it does not compile, or no test ran to its end. */
  | { readonly kind: 'no_verdict'; readonly why: string };

export interface RedTest {
  readonly file: string;
  /** Groups and title, joined by `›`. */
  readonly name: string;
}

interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly title: string;
      readonly ancestorTitles: readonly string[];
    }[];
  }[];
}

/**
 * Reads the report that `jest --json` wrote in the folder `root`. Red is a test that failed; a file that crashed before any test of
 * it ran proves nothing.
 */
export function readVerdict(reportText: string, root: string): Verdict {
  const { testResults } = JSON.parse(reportText) as JestReport;
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ status, title, ancestorTitles }) => ({
      status,
      file: name.startsWith(`${root}/`) ? name.slice(root.length + 1) : name,
      name: [...ancestorTitles, title].join(' › '),
    })),
  );
  const red = tests.filter(({ status }) => status === 'failed').map(({ file, name }) => ({ file, name }));
  if (red.length > 0) return { kind: 'caught', tests: red };
  const crashed = testResults.find(({ assertionResults }) => assertionResults.length === 0);
  if (crashed !== undefined) return { kind: 'no_verdict', why: `a test file crashed: ${firstLines(crashed.message)}` };
  const greenTests = tests.filter(({ status }) => status === 'passed').length;
  return greenTests === 0 ? { kind: 'no_verdict', why: 'no test ran' } : { kind: 'survived', greenTests };
}

/** The verdict after a second run: only what is red both times is red; what was red once was red by chance. */
export function confirmVerdict(first: Verdict, second: Verdict): Verdict {
  if (first.kind !== 'caught' || second.kind !== 'caught') return second;
  const tests = first.tests.filter(({ file, name }) =>
    second.tests.some((again) => again.file === file && again.name === name),
  );
  return tests.length > 0 ? { kind: 'caught', tests } : { kind: 'no_verdict', why: 'another test is red each time' };
}

function firstLines(text: string): string {
  return text.trim().split('\n').slice(0, 5).join(' ');
}
