/** Shows one line a step: what is being done at once, how long it took when done. */
export function createReporter(write: (text: string) => void) {
  return {
    note: (text: string): void => write(`  ${text}\n`),
    step: async <T>(what: string, act: () => Promise<T>, describe: (result: T) => string = () => ''): Promise<T> => {
      write(`  ${what.padEnd(44, ' .')} `);
      const startedAt = performance.now();
      const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
      try {
        const result = await act();
        const detail = describe(result);
        write(`${seconds()}${detail && ` (${detail})`}\n`);
        return result;
      } catch (error) {
        write(`failed after ${seconds()}\n`);
        throw error;
      }
    },
  };
}
