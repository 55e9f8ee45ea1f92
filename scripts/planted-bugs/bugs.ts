import { ANSWER_BUGS } from './bugs-answers';
import { CALLBACK_BUGS } from './bugs-callback';
import { NOTIFICATION_BUGS } from './bugs-notifications';
import { SECRECY_BUGS } from './bugs-secrecy';
import { SENDING_BUGS } from './bugs-sending';
import type { PlantedBug } from './planted-bug';

/** Every planted bug, in the order of the document. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  ...SENDING_BUGS,
  ...ANSWER_BUGS,
  ...CALLBACK_BUGS,
  ...SECRECY_BUGS,
  ...NOTIFICATION_BUGS,
];
