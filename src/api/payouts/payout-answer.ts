import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type ClientOrderId, isClientOrderId } from '../../domain/ids';
import type { LateNotice } from '../../domain/notification';
import type { Payout } from '../../domain/payout';
import { viewPayout } from '../../domain/view';
import type { Reading } from '../../store/payouts';
import type { PayoutView } from '../../store/tenant-view';
import { Problem } from '../plugins/errors';
import type { ReceiverLinks } from '../receiver/receiver-links';

/** A payout in an address. */
export const idParams = z.object({ clientOrderId: z.string() });

/** The id in an address. @throws Problem not_found for what no payout can be named */
export function requireId(text: string): ClientOrderId {
  if (!isClientOrderId(text)) throw new Problem('not_found');
  return text;
}

/** @throws Problem not_found */
export async function requirePayout(store: Pick<PayoutView, 'read'>, clientOrderId: string): Promise<Reading> {
  const reading = await store.read(requireId(clientOrderId));
  if (reading === null) throw new Problem('not_found');
  return reading;
}

/** Answers with a payout, its tag, and the Receiver's page where the caller may have it. */
export function sendPayout(
  reply: FastifyReply,
  read: Pick<Reading, 'payout' | 'madeBy'> & Partial<Pick<Reading, 'lateEvents'>>,
  links: ReceiverLinks,
): FastifyReply {
  const { payout, lateEvents = [] } = read;
  void reply.header('etag', etagOf(payout, lateEvents));
  return reply.send(viewPayout(payout, lateEvents, links.pageFor(reply.request.caller, read)));
}

/**
 * A weak entity tag of what a caller sees of a payout. It changes when something happened to the payout, not when one more source agreed,
 * so that a long poll is not answered for a difference that no one acts on. Nor with `settledAt`: until the workflow has applied a result,
 * it is the time at which that was recorded.
 */
export function etagOf(payout: Payout, lateEvents: readonly LateNotice[] = []): string {
  // With some page in it, so that a new form of the gateway counts as a change.
  const visible = { ...viewPayout(payout, lateEvents, ''), updatedAt: null, agreedAt: null, settledAt: null };
  // A note changes nothing else: who acts should have seen it.
  const lastAct = payout.evidence.findLast(({ operator }) => operator !== undefined)?.operator?.id;
  return tagOf(lastAct === undefined ? visible : { ...visible, lastAct });
}

/** A weak entity tag of a value that is answered as JSON. */
export function tagOf(value: object): string {
  return `W/"${createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)}"`;
}

const ENTITY_TAG = /(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/g;
/** What proxies add to the tag of what they compress. */
const COMPRESSED = /[-;:]+(?:gzip|br|deflate|zstd)$/;

/**
 * True when a header such as `If-None-Match` names the tag: a list of tags, or `*` for any. Compared weakly (RFC 9110,
 * 8.8.3.2), and without what a proxy added.
 */
export function namesTag(header: string, tag: string): boolean {
  if (header.trim() === '*') return true;
  const [own] = readTags(tag);
  return own !== undefined && readTags(header).includes(own);
}

function readTags(header: string): string[] {
  return [...header.matchAll(ENTITY_TAG)].map(([, opaque = '']) => opaque.replace(COMPRESSED, ''));
}
