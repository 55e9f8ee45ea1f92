import type { FastifyRequest } from 'fastify';
import type { Simulation } from '../simulation';
import type { Pair } from '../wire/form';
import { isSkewed } from '../wire/nonce-memory';
import { type SignatureFault, verifySignature } from '../wire/oauth';

/** Why a v4 request is taken or answered with 403. */
export type AuthenticityVerdict = 'authentic' | SignatureFault | 'skew' | 'replayed_nonce';

/** The body as the form parser left it; a request without one has no fields. */
export function bodyPairs(request: FastifyRequest): readonly Pair[] {
  return Array.isArray(request.body) ? (request.body as Pair[]) : [];
}

/** The endpoint or group a route names. */
export interface EndpointParams {
  readonly endpoint?: string;
  readonly group?: string;
}

/**
 * Signature, clock and replay check of a v4 request. The signed URL is rebuilt from the public base URL, because the simulator may
 * sit behind a proxy; a request with a query string is never authentic.
 */
export function checkAuthenticity(
  simulation: Simulation,
  request: FastifyRequest,
  command: 'payout' | 'payout-by-ref' | 'status',
): AuthenticityVerdict {
  const { endpoint, group } = request.params as EndpointParams;
  const tail = endpoint === undefined ? `group/${group ?? ''}` : endpoint;
  if (request.url.includes('?')) return 'bad_signature';
  const { login, publicKey } = simulation.config;
  const signature = verifySignature(
    {
      url: `${simulation.publicBaseUrl()}/api/v4/${command}/${tail}`,
      body: bodyPairs(request),
      authorization: request.headers.authorization,
    },
    { login, publicKey },
  );
  if (!signature.valid) return signature.fault;
  const { checkSkew, checkNonce } = simulation.settings();
  const { nonce, timestampSeconds } = signature;
  const nowMs = simulation.now();
  if (checkSkew && isSkewed(timestampSeconds, nowMs)) return 'skew';
  const isFresh = simulation.nonces.remember({ consumer: login, nonce, timestampSeconds }, nowMs);
  return checkNonce && !isFresh ? 'replayed_nonce' : 'authentic';
}
