import { createRandom, drawWhole } from '../../support/random';
import type { Kind } from './planted';

/** How a value is remembered. */
export interface Planting {
  /** Default: what may stand nowhere. */
  readonly kind?: Kind;
  /** The clientOrderId of the payout it belongs to: in what is said about another it may not stand. */
  readonly of?: string | null;
}

/** A value that nothing else has, as it was put into one field. */
export interface Marker {
  readonly field: string;
  readonly value: string;
  /** What is searched for: the value, or the value with its field's name where it is too short to be unique. */
  readonly sought: readonly string[];
  readonly kind: Kind;
  /** Null: of no payout, or of any. */
  readonly of: string | null;
}

/** Mints markers and remembers them. */
export interface MarkerBook {
  /** Each number is from 0 to below 1. */
  readonly random: () => number;
  readonly markers: () => readonly Marker[];
  /** Remembers a value made elsewhere. @throws RangeError for a value too short to be unique without a name */
  plant(field: string, value: string, options?: Planting & { sought?: readonly string[] }): string;
  /** Letters, with one beyond ASCII and a quote among them when there is room. */
  words(field: string, options?: Planting & { length?: number; isPlain?: boolean }): string;
  /** A number of this length that begins and ends so; `isCard` gives it a right check digit. */
  digits(
    field: string,
    options: Planting & { length: number; begins?: string; ends?: string; isCard?: boolean },
  ): string;
  /** Capital letters and digits that begin and end so. */
  code(field: string, options: Planting & { length: number; begins?: string; ends?: string }): string;
  /** A value too short to be unique in all that is written, drawn until no other of its field has it: it is sought with its names. */
  named(field: string, drawValue: () => string, options: Planting & { names: readonly string[] }): string;
  /** Small letters: a name of ours, of a key or a part of an address; as a key after `prefix`. */
  name(field: string, options?: Planting & { length?: number; prefix?: string }): string;
  email(field: string, planting?: Planting): string;
}

export const LEAST_SOUGHT_LENGTH = 8;
const MOST_TRIES = 10_000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const CODE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** The same seed mints the same markers. */
export function createMarkerBook(seed: number): MarkerBook {
  const random = createRandom(seed);
  const planted = new Map<string, Marker>();
  const draw = (letters: string, length: number): string =>
    Array.from({ length }, () => letters[drawWhole(random, 0, letters.length - 1)]).join('');

  const book: MarkerBook = {
    random,
    markers: () => [...planted.values()],
    plant(field, value, { kind = 'elsewhere', of = null, sought = [value] }: Partial<Marker> = {}) {
      if (sought.some((text) => text.length < LEAST_SOUGHT_LENGTH)) throw new RangeError(`${field}: too short`);
      planted.set(value, { field, value, sought, kind, of });
      return value;
    },
    words(field, { length = 18, isPlain = false, ...planting } = {}) {
      const middle = isPlain || length < 14 ? draw(LETTERS, 3) : "é'é";
      const half = length - 4 - 4;
      return book.plant(field, `Q${draw(LETTERS, half)}${middle}${draw(LETTERS, 4)}`, planting);
    },
    digits(field, { length, begins = '4', ends = '', isCard = false, ...planting }) {
      for (;;) {
        const value = `${begins}${draw('0123456789', length - begins.length - ends.length)}${ends}`;
        if (!isCard || hasRightCheckDigit(value)) return book.plant(field, value, planting);
      }
    },
    code(field, { length, begins = '', ends = '', ...planting }) {
      return book.plant(field, `${begins}${draw(CODE, length - begins.length - ends.length)}${ends}`, planting);
    },
    named(field, drawValue, { names, kind = 'elsewhere', of = null }) {
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const value = drawValue();
        if (planted.has(`${field} ${value}`)) continue;
        const sought = names.flatMap((name) => [`"${name}":"${value}"`, `${name}=${value}`, `${name}: '${value}'`]);
        planted.set(`${field} ${value}`, { field, value, sought, kind, of });
        return value;
      }
      throw new RangeError(`${field}: expected a value that no other marker has`);
    },
    name: (field, { length = 24, prefix = '', ...planting } = {}) =>
      book.plant(field, `${prefix}${draw(LETTERS, length)}`, planting),
    email(field, planting) {
      const mailbox = book.words(`${field}: mailbox`, { length: 14, isPlain: true, ...planting });
      return book.plant(field, `${mailbox}@example.${[...mailbox].reverse().join('')}.org`, planting);
    },
  };
  return book;
}

function hasRightCheckDigit(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
