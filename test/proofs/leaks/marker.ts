import isLuhnValid from 'fast-luhn';
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
export type MarkerBook = ReturnType<typeof createMarkerBook>;

export const LEAST_SOUGHT_LENGTH = 8;
const MOST_TRIES = 10_000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const CODE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** How many characters, and what the value begins and ends with. */
interface Shape extends Planting {
  readonly length: number;
  readonly begins?: string;
  readonly ends?: string;
}

/** The same seed mints the same markers. */
export function createMarkerBook(seed: number) {
  const random = createRandom(seed);
  const planted = new Map<string, Marker>();
  const draw = (letters: string, length: number): string =>
    Array.from({ length }, () => letters[drawWhole(random, 0, letters.length - 1)]).join('');
  const fill = (letters: string, { length, begins = '', ends = '' }: Shape): string =>
    `${begins}${draw(letters, length - begins.length - ends.length)}${ends}`;

  const book = {
    /** Each number is from 0 to below 1. */
    random,
    markers: (): readonly Marker[] => [...planted.values()],
    /** Remembers a value made elsewhere. @throws RangeError for a value too short to be unique without a name */
    plant(field: string, value: string, options: Planting & { sought?: readonly string[] } = {}) {
      const { kind = 'elsewhere', of = null, sought = [value] } = options;
      if (sought.some((text) => text.length < LEAST_SOUGHT_LENGTH)) throw new RangeError(`${field}: too short`);
      planted.set(value, { field, value, sought, kind, of });
      return value;
    },
    /** Letters, with one beyond ASCII and a quote among them when there is room. */
    words(field: string, { length = 18, isPlain = false, ...as }: Partial<Shape> & { isPlain?: boolean } = {}) {
      const middle = isPlain || length < 14 ? draw(LETTERS, 3) : "é'é";
      return book.plant(field, `Q${draw(LETTERS, length - 8)}${middle}${draw(LETTERS, 4)}`, as);
    },
    /** A number; `isCard` gives it a right check digit. */
    digits(field: string, { isCard = false, ...shape }: Shape & { isCard?: boolean }): string {
      const value = fill('0123456789', { begins: '4', ...shape });
      return isCard && !isLuhnValid(value) ? book.digits(field, { isCard, ...shape }) : book.plant(field, value, shape);
    },
    /** Capital letters and digits. */
    code: (field: string, shape: Shape) => book.plant(field, fill(CODE, shape), shape),
    /** A value too short to be unique in all that is written, drawn until no other of its field has it: it is sought with its names. */
    named(field: string, drawValue: () => string, options: Planting & { names: readonly string[] }) {
      const { names, kind = 'elsewhere', of = null } = options;
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const value = drawValue();
        if (planted.has(`${field} ${value}`)) continue;
        const sought = names.flatMap((name) => [`"${name}":"${value}"`, `${name}=${value}`, `${name}: '${value}'`]);
        planted.set(`${field} ${value}`, { field, value, sought, kind, of });
        return value;
      }
      throw new RangeError(`${field}: expected a value that no other marker has`);
    },
    /** Small letters: a name of ours, of a key or a part of an address; as a key after `prefix`. */
    name: (field: string, { length = 24, prefix = '', ...as }: Partial<Shape> & { prefix?: string } = {}) =>
      book.plant(field, `${prefix}${draw(LETTERS, length)}`, as),
    email(field: string, as: Planting = {}) {
      const mailbox = book.words(`${field}: mailbox`, { length: 14, isPlain: true, ...as });
      return book.plant(field, `${mailbox}@example.${[...mailbox].reverse().join('')}.org`, as);
    },
  };
  return book;
}
