import { styleText } from 'node:util';

type Colour = Parameters<typeof styleText>[0];

/** Colour where a person looks at a terminal, and has not asked for none. */
const isOn = process.stdout.isTTY === true && !process.env.NO_COLOR;

/** The text in this colour, where there is any. */
export function paint(colour: Colour, text: string): string {
  return isOn ? styleText(colour, text) : text;
}

/** A state as a person should take it: paid, not paid, to be looked at, under way. */
export function paintState(state: string): string {
  if (state === 'approved') return paint('green', state);
  if (state === 'needs_review' || state === 'unconfirmed') return paint('yellow', state);
  return paint(/^(declined|filtered|error|rejected|cancelled|expired)$/.test(state) ? 'red' : 'cyan', state);
}
