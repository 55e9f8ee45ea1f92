/** One bug that breaks a rule about money or account data. Nothing in it names a file of the sources: what moves stays found. */
export interface PlantedBug {
  /** Kebab-case and unique; what `--only` takes. */
  readonly id: string;
  /** The rule that the bug breaks. */
  readonly rule: string;
  /** Text that occurs exactly once in all of `src`, whatever the space and trailing commas in it. */
  readonly find: string;
  readonly replace: string;
  /** Names of test files, with `|` between them; at least one test must fail. Default: the name of the file that holds the bug. */
  readonly tests?: string;
  /** Only the tests with such titles: the others would wait for a payout that never ends. */
  readonly title?: string;
}

/** Bugs of one kind, by their ids. */
export type PlantedBugs = Readonly<Record<string, Omit<PlantedBug, 'id'>>>;

/** A source file, by its path from the root of the project. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

const LAYOUT = /\s|,(?=\s*[)\]}])/y;

const squeezedTexts = new Map<string, { squeezed: string; at: number[] }>();

/** The text without what a formatter decides, and where each of its characters was. */
function squeeze(text: string): { squeezed: string; at: number[] } {
  const known = squeezedTexts.get(text);
  if (known !== undefined) return known;
  const at = Array.from({ length: text.length }, (_, index) => index).filter((index) => {
    LAYOUT.lastIndex = index;
    return !LAYOUT.test(text);
  });
  const result = { squeezed: at.map((index) => text[index]).join(''), at };
  squeezedTexts.set(text, result);
  return result;
}

/**
 * The one source that changes, with the bug in it.
 * @throws Error when the text to replace does not occur exactly once: the list is then out of date.
 */
export function plant(sources: readonly Source[], { id, find, replace }: PlantedBug): Source {
  const sought = squeeze(find).squeezed;
  const found = sources.flatMap(({ file, text }) => {
    const { squeezed, at } = squeeze(text);
    const starts: number[] = [];
    for (let n = squeezed.indexOf(sought); n >= 0; n = squeezed.indexOf(sought, n + 1)) starts.push(n);
    return starts.map((start) => {
      const end = (at[start + sought.length - 1] ?? 0) + 1;
      return { file, text: text.slice(0, at[start]) + replace + text.slice(end) };
    });
  });
  const [planted, ...others] = found;
  if (planted === undefined || others.length > 0) {
    throw new Error(`${id}: expected its text exactly once in src, found it ${found.length} times:\n${find}`);
  }
  if (sought === squeeze(replace).squeezed) throw new Error(`${id}: expected a replacement that changes something`);
  return planted;
}
