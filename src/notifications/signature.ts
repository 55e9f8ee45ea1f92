import { createHmac } from 'node:crypto';

/** `whsec_` and the base64 of 24 to 64 bytes (Standard Webhooks). */
const SECRET_PATTERN = /^whsec_([A-Za-z0-9+/]{32,86}={0,2})$/;

/** The key in a secret; null when it is none. */
export function keyOf(secret: string): Buffer | null {
  const text = SECRET_PATTERN.exec(secret)?.[1];
  if (text === undefined) return null;
  const key = Buffer.from(text, 'base64');
  const isWhole = key.toString('base64') === text;
  return isWhole && key.length >= 24 && key.length <= 64 ? key : null;
}

export interface Signed {
  readonly id: string;
  readonly atSeconds: number;
  readonly body: string;
}

/**
 * The headers of Standard Webhooks 1.0.0: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, one signature for each secret.
 * @throws RangeError for a secret that is none
 */
export function signatureHeaders(signed: Signed, secrets: readonly string[]): Record<string, string> {
  const { id, atSeconds, body } = signed;
  const signatures = secrets.map((secret) => {
    const key = keyOf(secret);
    if (key === null) throw new RangeError('secret: expected whsec_ and base64 of 24 to 64 bytes');
    return `v1,${createHmac('sha256', key).update(`${id}.${atSeconds}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(atSeconds),
    'webhook-signature': signatures.join(' '),
  };
}
