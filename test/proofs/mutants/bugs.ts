import { ANSWER_BUGS } from './bugs-answers';
import { CALLBACK_BUGS } from './bugs-callback';
import { CALLER_BUGS } from './bugs-callers';
import { GATEWAY_SIDE_BUGS } from './bugs-gateway-side';
import { LIST_BUGS } from './bugs-lists';
import { PAYLOAD_BUGS } from './bugs-payloads';
import { RECEIVER_BUGS } from './bugs-receiver';
import { SECRECY_BUGS } from './bugs-secrecy';
import { SENDING_BUGS } from './bugs-sending';
import type { PlantedBug } from './planted-bug';

/** Every planted bug, the most expensive first. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  ...SENDING_BUGS,
  ...ANSWER_BUGS,
  ...CALLBACK_BUGS,
  ...SECRECY_BUGS,
  ...CALLER_BUGS,
  ...GATEWAY_SIDE_BUGS,
  ...LIST_BUGS,
  ...PAYLOAD_BUGS,
  ...RECEIVER_BUGS,
];
