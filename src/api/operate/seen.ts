import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Acknowledgement, isSameAcknowledgement } from '../../domain/late-events';
import { namesTag } from '../payouts/payout-answer';
import { problems } from '../plugins/answers';
import { Problem } from '../plugins/errors';

export const seenAnswer = z
  .object({ acknowledged: z.literal(true).meta({ description: 'It is stored' }) })
  .meta({ id: 'Acknowledged' });
export const refusals = { ...problems(400, 404, 409), ...problems(412, 503) };

/**
 * True when this very acknowledgement was made before: it is answered as done.
 * @throws Problem idempotency_key_used when another one was made with its key
 */
export function wasMade(made: Acknowledgement | undefined, order: Acknowledgement): boolean {
  if (made !== undefined && !isSameAcknowledgement(made, order)) throw new Problem('idempotency_key_used');
  return made !== undefined;
}

/** @throws Problem changed when `If-Match` does not name what is there now */
export function demandSeen({ headers }: Pick<FastifyRequest, 'headers'>, tag: string): void {
  const seen = headers['if-match'];
  if (seen !== undefined && !namesTag(seen, tag)) throw new Problem('changed');
}
