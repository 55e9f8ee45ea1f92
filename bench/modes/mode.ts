/** The options of a run, each read by its name. @throws RangeError naming the option */
export interface Given {
  /** A whole number; `least` is 1 by default. */
  number(name: string, least?: number): number;
  /** Several, separated by commas. */
  numbers(name: string, least?: number): readonly number[];
  text(name: string): string;
}

export interface Reporting {
  readonly say: (line: string) => void;
  /** Writes what there is to the result file. */
  readonly keep: (figures: object) => void;
}

export interface Outcome {
  readonly lines: readonly string[];
  readonly figures: object;
  /** False when a payout was lost or paid twice: the command then fails. */
  readonly isSound: boolean;
}

/** One measurement of the bench: `npm run bench -- NAME`. */
export interface Mode {
  readonly what: string;
  /** Its options and their defaults. */
  readonly options: Readonly<Record<string, string>>;
  readonly run: (given: Given, reporting: Reporting) => Promise<Outcome>;
}

/** @throws RangeError for a text that is no whole number, or below the least */
function readNumber(name: string, text: string, least: number): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) < least) throw new RangeError(`--${name}: expected a whole number`);
  return Number(text);
}

export function readGiven(values: Readonly<Record<string, string>>): Given {
  const text = (name: string) => values[name] ?? '';
  return {
    text,
    number: (name, least = 1) => readNumber(name, text(name), least),
    numbers: (name, least = 1) =>
      text(name)
        .split(',')
        .map((each) => readNumber(name, each, least)),
  };
}
