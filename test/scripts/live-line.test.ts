import { openLiveLine } from '../../scripts/live-line';
import { createReporter } from '../../scripts/reporter';

function makeTerminal(isTTY: boolean) {
  let text = '';
  const write = (piece: string) => {
    text += piece;
  };
  return { out: { isTTY, columns: 30, write } as unknown as NodeJS.WriteStream, text: () => text };
}

it('writes over its last line, cut to the width of the terminal', () => {
  const { out, text } = makeTerminal(true);
  const live = openLiveLine(out, {});
  live.show('one');
  live.show('x'.repeat(99));
  live.clear();
  live.clear();
  const erase = '\u001b[1G\u001b[2K';
  expect(text()).toBe(`one${erase}${'x'.repeat(29)}${erase}`);
});

it.each([
  ['a pipe', false, {}],
  ['a terminal that cannot move its cursor', true, { TERM: 'dumb' }],
])('%s gets whole lines only', async (_name, isTTY, environment) => {
  const { out, text } = makeTerminal(isTTY);
  const lines: string[] = [];
  const reporter = createReporter((line) => lines.push(line), openLiveLine(out, environment));
  await reporter.step(
    'Build',
    async () => 'x',
    () => 'up to date',
  );
  await expect(reporter.step('Start', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(text()).toBe('');
  expect(lines).toEqual([
    expect.stringMatching(/^ {2}Build [ .]+ \d\.\d s \(up to date\)$/),
    expect.stringMatching(/^ {2}Start [ .]+ failed after \d\.\d s$/),
  ]);
});
