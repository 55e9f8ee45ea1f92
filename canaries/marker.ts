import { createRandom, drawWhole } from '../chaos/random';

/**
 * Where a marker may stand in clear. `nowhere`: in ciphertext alone. `answers`: also in what the API answers to who may read payouts
 * (an operator's reason, the gateway's own words).
 */
export type MayStand = 'nowhere' | 'answers';

/** A value that nothing else has, as it was put into one field. */
export interface Marker {
  readonly field: string;
  readonly value: string;
  /** What is searched for: the value, or the value with its field's name where it is too short to be unique. */
  readonly sought: readonly string[];
  readonly mayStand: MayStand;
}

/** Mints markers and remembers them. */
export interface MarkerBook {
  /** Each number is from 0 to below 1. */
  readonly random: () => number;
  readonly markers: () => readonly Marker[];
  /** Remembers a value made elsewhere. @throws RangeError for a value too short to be unique without a name */
  plant(field: string, value: string, options?: { mayStand?: MayStand; sought?: readonly string[] }): string;
  /** Letters, with one beyond ASCII and a quote among them when there is room. */
  words(field: string, options?: { length?: number; mayStand?: MayStand; isPlain?: boolean }): string;
  /** A number of this length that begins and ends so; `isCard` gives it a right check digit. */
  digits(field: string, options: { length: number; begins?: string; ends?: string; isCard?: boolean }): string;
  /** Capital letters and digits. */
  code(field: string, length: number, ends?: string): string;
  /** A value too short to be unique: it is sought together with its names. */
  named(field: string, value: string, names: readonly string[]): string;
}

export const LEAST_SOUGHT_LENGTH = 8;
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
    plant(field, value, { mayStand = 'nowhere', sought = [value] } = {}) {
      if (sought.some((text) => text.length < LEAST_SOUGHT_LENGTH)) throw new RangeError(`${field}: too short`);
      planted.set(value, { field, value, sought, mayStand });
      return value;
    },
    words(field, { length = 18, mayStand = 'nowhere', isPlain = false } = {}) {
      const middle = isPlain || length < 14 ? draw(LETTERS, 3) : "é'é";
      const half = length - 4 - 4;
      return book.plant(field, `Q${draw(LETTERS, half)}${middle}${draw(LETTERS, 4)}`, { mayStand });
    },
    digits(field, { length, begins = '4', ends = '', isCard = false }) {
      for (;;) {
        const value = `${begins}${draw('0123456789', length - begins.length - ends.length)}${ends}`;
        if (!isCard || hasRightCheckDigit(value)) return book.plant(field, value);
      }
    },
    code(field, length, ends = '') {
      return book.plant(field, `${draw(CODE, length - ends.length)}${ends}`);
    },
    named(field, value, names) {
      const sought = names.flatMap((name) => [`"${name}":"${value}"`, `${name}=${value}`, `${name}: '${value}'`]);
      planted.set(`${field} ${value}`, { field, value, sought, mayStand: 'nowhere' });
      return value;
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
