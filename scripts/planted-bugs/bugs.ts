import { ANSWER_BUGS } from './bugs-answers';
import { CALLBACK_BUGS } from './bugs-callback';
import { CALLER_BUGS } from './bugs-callers';
import { CANARY_BUGS } from './bugs-canaries';
import { CODEC_BUGS } from './bugs-codec';
import { FORGED_BUGS } from './bugs-forged';
import { GATEWAY_SIDE_BUGS } from './bugs-gateway-side';
import { HOSTILE_BUGS } from './bugs-hostile';
import { LIST_BUGS } from './bugs-lists';
import { NOTIFICATION_BUGS } from './bugs-notifications';
import { PAYLOAD_BUGS } from './bugs-payloads';
import { RECEIVER_BUGS } from './bugs-receiver';
import { SECRECY_BUGS } from './bugs-secrecy';
import { SENDING_BUGS } from './bugs-sending';
import type { PlantedBug } from './planted-bug';

/** Every planted bug, in the order of the document. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  ...SENDING_BUGS,
  ...ANSWER_BUGS,
  ...CALLBACK_BUGS,
  ...SECRECY_BUGS,
  ...CODEC_BUGS,
  ...CALLER_BUGS,
  ...FORGED_BUGS,
  ...GATEWAY_SIDE_BUGS,
  ...HOSTILE_BUGS,
  ...PAYLOAD_BUGS,
  ...LIST_BUGS,
  ...RECEIVER_BUGS,
  ...NOTIFICATION_BUGS,
  ...CANARY_BUGS,
];
