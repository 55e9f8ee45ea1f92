import { paint } from './colour';
import type { LiveLine } from './live-line';

const TICK_MS = 100;

/** Prints one line per step when it is over, with its duration; until then the live line counts. */
export function createReporter(print: (line: string) => void, live: LiveLine) {
  const step = async <T>(
    what: string,
    act: () => Promise<T>,
    describe: (result: T) => string = () => '',
  ): Promise<T> => {
    const title = `  ${what.padEnd(44, ' .')} `;
    const startedAt = performance.now();
    const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
    const show = (): void => live.show(`${title}${seconds()}`);
    show();
    const timer = setInterval(show, TICK_MS);
    const end = (line: string): void => {
      clearInterval(timer);
      live.clear();
      print(line);
    };
    try {
      const result = await act();
      const detail = describe(result);
      end(`${title}${paint('green', seconds())}${detail && ` (${detail})`}`);
      return result;
    } catch (error) {
      end(`${title}${paint('red', 'failed')} after ${seconds()}`);
      throw error;
    }
  };
  return { note: (text: string): void => print(`  ${text}`), step };
}
