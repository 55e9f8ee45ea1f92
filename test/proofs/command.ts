import { parseArgs } from 'node:util';
import { describeError } from '../../scripts/project';

/** What an option is without a value of its own, the least it may be, and the most. */
type Range = readonly [fallback: number, least: number, most?: number];

/** Options of the command line that are whole numbers. @throws RangeError for one out of its range, TypeError for an unknown one */
export function readNumbers<Name extends string>(command: string, ranges: Readonly<Record<Name, Range>>) {
  const names = Object.keys(ranges) as Name[];
  const { values } = parseArgs({
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  });
  const read = (name: Name): [Name, number] => {
    const [fallback, least, most = Number.MAX_SAFE_INTEGER] = ranges[name];
    const value = Number(values[name] ?? fallback);
    if (Number.isSafeInteger(value) && value >= least && value <= most) return [name, value];
    const usage = `npm run ${command} -- ${names.map((known) => `[--${known} N]`).join(' ')}`;
    throw new RangeError(`--${name}: expected a whole number from ${least} to ${most}\n${usage}`);
  };
  return Object.fromEntries(names.map(read)) as Record<Name, number>;
}

/** A seed of chance, for a run that was given none. */
export const drawSeed = (): number => Math.floor(Math.random() * 1_000_000);

/** Runs a tool to its exit code. What it throws is printed and has an exit code of its own. */
export function runCommand(main: () => Promise<number>, failed = 1): void {
  main().then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(describeError(error));
      process.exit(failed);
    },
  );
}
