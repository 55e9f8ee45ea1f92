import { clearLine, cursorTo } from 'node:readline';

/** What is under way, on the last line of the output: written over in place on a terminal, and nowhere else. */
export interface LiveLine {
  show(text: string): void;
  /** Call it before anything else is printed. */
  clear(): void;
}

/** A live line needs a terminal that can move its cursor; a pipe or a file gets nothing. */
export function openLiveLine(
  out: NodeJS.WriteStream = process.stdout,
  environment: NodeJS.ProcessEnv = process.env,
): LiveLine {
  const isOn = out.isTTY === true && environment.TERM !== 'dumb';
  let isShown = false;
  const clear = (): void => {
    if (!isShown) return;
    isShown = false;
    cursorTo(out, 0);
    clearLine(out, 0);
  };
  return {
    clear,
    show: (text) => {
      if (!isOn) return;
      clear();
      // A line that wraps could not be written over.
      out.write(text.slice(0, (out.columns || 80) - 1));
      isShown = true;
    },
  };
}
