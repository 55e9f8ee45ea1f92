/** The promise that a bug would break, in the order of their weight. */
export type PaymentPromise =
  | 'never pay twice'
  | 'never lose a payout'
  | 'never report a wrong final status'
  | 'never leak account data';

/** One bug that somebody could write, and the tests that must turn red on it. */
export interface PlantedBug {
  /** Kebab-case and unique; what `--only` takes. */
  readonly id: string;
  readonly promise: PaymentPromise;
  /** The rule that the bug breaks, as a sentence. */
  readonly rule: string;
  /** What was planted, in words. */
  readonly planted: string;
  /** The source file, from the root of the project. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Test files; at least one test in them must turn red. */
  readonly tests: readonly string[];
  /** Runs only the tests whose name matches: the others would wait for a payout that never ends. */
  readonly testName?: string;
}

/**
 * The text with the bug in it.
 * @throws Error when the text to replace does not stand there exactly once: the list is then out of date.
 */
export function plant(source: string, { id, file, find, replace }: PlantedBug): string {
  const [before, after, ...repeats] = source.split(find);
  if (before === undefined || after === undefined || repeats.length > 0) {
    throw new Error(
      `${id}: expected its text exactly once in ${file}, found it ${source.split(find).length - 1} times:\n${find}`,
    );
  }
  if (find === replace) throw new Error(`${id}: expected a replacement that changes something`);
  return `${before}${replace}${after}`;
}
