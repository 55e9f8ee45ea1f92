import type { Audience } from './planted';

/** Who gets an answer, and about which payout; `null`: it says no more than that there is something, or that it was refused. */
export interface Recipient {
  readonly audience: Audience | null;
  readonly of: string | null;
}

const NOBODY: Recipient = { audience: null, of: null };
const LINK = /^\/r\/([A-Za-z][A-Za-z0-9._-]*)~[^/]+/;
const PAYOUT =
  /^\/payouts\/([A-Za-z][A-Za-z0-9._-]*)(\/timeline|\/events|\/check|\/cancel|\/approve|\/resend|\/resolve|\/note)?$/;
/** Who reads a batch reads its acts, as in a timeline. */
const BATCH = /^\/batches\/([A-Za-z][A-Za-z0-9._-]*)(\/approve)?$/;

/** Of an answer of the API. A refusal says nothing; only the form of a Receiver shows again what was entered into it. */
export function audienceOf({
  route,
  status,
  about = null,
}: {
  route: string;
  status: number;
  about?: string | null;
}): Recipient {
  const [path = ''] = route.split('?');
  const [, ofLink = null] = LINK.exec(path) ?? [];
  if (ofLink !== null && (status < 400 || status === 422)) return { audience: 'receiver', of: ofLink };
  if (status >= 400 || status === 0) return NOBODY;
  if (path === '/payouts' && about !== null) return { audience: 'answers', of: about };
  if (path === '/codec/decode') return { audience: 'codec', of: about };
  if (path === '/me') return { audience: 'self', of: null };
  if (path === '/codec') return { audience: 'session', of: null };
  const ofBatch = path === '/batches' ? about : (BATCH.exec(path)?.[1] ?? null);
  if (ofBatch !== null) return { audience: 'timeline', of: ofBatch };
  const [, of = null, what = ''] = PAYOUT.exec(path) ?? [];
  return of === null ? NOBODY : { audience: what === '/timeline' ? 'timeline' : 'answers', of };
}
