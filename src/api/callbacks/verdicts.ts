import type { CallbackVerdict } from '../../domain/metrics';
import type { Delivery } from '../../store/callback-intake';

const OF_DELIVERY: Readonly<Record<Delivery, CallbackVerdict>> = {
  signalled: 'taken',
  repeated: 'repeated',
  agrees: 'agrees',
  kept_late: 'late',
  kept_unmatched: 'unmatched',
  full: 'full',
  too_many: 'too_many',
};

export function verdictOfDelivery(delivery: Delivery): CallbackVerdict {
  return OF_DELIVERY[delivery];
}

/** Of a callback that was refused; null for one that has its verdict from its delivery, and for trouble of ours. */
export function verdictOfProblem(code: string | null): CallbackVerdict | null {
  if (code === null || code === 'temporal_unavailable') return null;
  if (code === 'bad_control') return 'bad_control';
  return code === 'not_found' ? 'unknown_endpoint' : 'malformed';
}
