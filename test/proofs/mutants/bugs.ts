import { LEAKS } from './bugs/leak';
import { LOST_PAYOUTS } from './bugs/lost-payout';
import { OVER_LIMIT } from './bugs/over-limit';
import { PAYS_TWICE } from './bugs/pay-twice';
import { UNAPPROVED } from './bugs/unapproved';
import { WRONG_FINALS } from './bugs/wrong-final';
import type { PlantedBug } from './planted-bug';

/** Every planted bug, the most expensive first. What a library's mutants show is not among them. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  PAYS_TWICE,
  UNAPPROVED,
  OVER_LIMIT,
  LOST_PAYOUTS,
  WRONG_FINALS,
  LEAKS,
].flatMap((bugs) => Object.entries(bugs).map(([id, bug]) => ({ id, ...bug })));
