import fastLuhn from 'fast-luhn';

const LEAST_DIGITS = 13;
const MOST_DIGITS = 19;
/** Words of one run of digits, letters only around it. A mixed word (`3f2a41…`, as in UUIDs and hashes) does not look like one. */
const NUMBER_WORD = /^[A-Za-z]*([0-9]+)[A-Za-z]*$/;

/**
 * True for 13 to 19 digits whose check digit is right, as a card number has it. Not for those that begin with 0, 1, 20 or 21: no card
 * scheme does, while times (`1732276800000`, `20261123…`) do, and one number in ten has the right check digit by chance.
 */
function isCardNumber(digits: string): boolean {
  if (digits.length < LEAST_DIGITS || digits.length > MOST_DIGITS) return false;
  return !/^([01]|2[01])/.test(digits) && fastLuhn(digits);
}

/** Joins of neighbouring groups of digits, short enough for a card number: `4111 1111 1111 1111` is one in whatever layout. */
function joinNeighbours(groups: readonly string[]): string[] {
  return groups.flatMap((_group, from) => {
    const joins: string[] = [];
    let joined = '';
    for (const next of groups.slice(from)) {
      joined += next;
      if (joined.length > MOST_DIGITS) break;
      joins.push(joined);
    }
    return joins;
  });
}

/**
 * True when a text holds what looks like a card number, whatever is between its digits: blanks, dashes, dots, invisible characters.
 * Texts are shown to operators and sent on as texts, where a card number does not belong.
 */
export function holdsCardNumber(text: string): boolean {
  const plain = text.normalize('NFKC').replaceAll(/\p{Cf}/gu, '');
  const words = plain.split(/[^0-9A-Za-z]+/);
  const chains: string[][] = [[]];
  for (const word of words) {
    const digits = NUMBER_WORD.exec(word)?.[1];
    if (digits === undefined) chains.push([]);
    else if (digits === word) chains.at(-1)?.push(word);
    else chains.push([digits], []);
  }
  return chains.some((chain) => joinNeighbours(chain).some(isCardNumber));
}

/** The same of an identifier, whose parts are never read together: `PO-4111111111111111`, not `PO-4111-1111-1111-1111-17`. */
export function namesCardNumber(id: string): boolean {
  return id.split(/[._-]/).some((part) => isCardNumber(NUMBER_WORD.exec(part)?.[1] ?? ''));
}
