import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { BOUNDS } from '../../config/bounds';
import type { CallbackVerdict } from '../../domain/metrics';
import {
  type CallbackPairs,
  CallbackRejected,
  isSignedCallback,
  parsePairs,
  verifyCallback,
} from '../../gateway/callback';
import type { CallbackIntake, Delivery } from '../../store/callback-intake';
import { TemporalUnavailable } from '../../store/errors';
import type { EndpointDirectory } from '../endpoints';
import { Problem } from '../plugins/errors';
import { createRefusedCallbacks } from './refused-callbacks';

/**
 * The gateway's callbacks, by GET or POST. The control is checked on the decoded values before anything else is read of them, and
 * 200 is answered only when Temporal has stored the callback, or when its payout takes no more: order statuses settle that one. Of its
 * content nothing is logged but ids, status and result.
 */
export function callbackRoutes(deps: {
  readonly intake: CallbackIntake;
  readonly endpoints: EndpointDirectory;
  readonly onVerdict?: OnVerdict;
}): FastifyPluginAsync {
  const { intake, endpoints, onVerdict = () => undefined } = deps;
  const judge = ({ params }: FastifyRequest, verdict: CallbackVerdict) => {
    const { endpoint } = params as { readonly endpoint: string };
    onVerdict(endpoints.controlKeysOf(endpoint) === null ? null : endpoint, verdict);
  };
  return async (app: FastifyInstance) => {
    // One reading for every content type: a form is a form, whatever its label says.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BOUNDS.callbackBytes.most }, (_request, body, done) =>
      done(null, body),
    );

    const refused = createRefusedCallbacks(app, {
      isSigned({ params, raw, body }) {
        const controlKeys = endpoints.controlKeysOf((params as { endpoint: string }).endpoint);
        return controlKeys !== null && isSigned({ raw, body }, controlKeys);
      },
      onTurnedAway: (request) => judge(request, 'turned_away'),
    });
    app.setErrorHandler(async (error: FastifyError, request, reply) => {
      const kind = refusalOf(error);
      const verdict = error instanceof TemporalUnavailable ? 'not_stored' : verdictOfProblem(kind);
      if (verdict !== null) judge(request, verdict);
      if (kind !== null) await refused.count(request, reply, kind);
      throw error;
    });

    app.route<{ Params: { endpoint: string } }>({
      method: ['GET', 'POST'],
      url: '/callbacks/:endpoint',
      exposeHeadRoute: false,
      schema: { hide: true },
      config: {
        access: 'gateway',
        turnAway: (request, reply) => request.method === 'GET' && refused.turnAway(request, reply),
      },
      // Only now there is a body.
      preHandler: (request, reply, done) => {
        if (request.method !== 'POST' || !refused.turnAway(request, reply)) done();
      },
      handler: async (request, reply) => {
        const controlKeys = endpoints.controlKeysOf(request.params.endpoint);
        if (controlKeys === null) throw new Problem('not_found');
        const { endpoint } = request.params;
        const payoutTypes = endpoints.payoutTypesOf(endpoint);
        const { clientOrderId, ...report } = verify(request, { controlKeys, payoutTypes });
        const delivery = await intake.take({ endpoint, clientOrderId, report });
        judge(request, VERDICTS[delivery]);
        const what = delivery === 'full' || delivery === 'too_many' ? 'callback not taken' : 'callback stored';
        request.log.info({ clientOrderId, orderId: report.orderId, status: report.status, delivery }, what);
        if (delivery === 'too_many') throw new Problem('temporal_unavailable');
        return reply.type('text/plain').send('OK');
      },
    });
  };
}

const VERDICTS: Readonly<Record<Delivery, CallbackVerdict>> = {
  ...{ signalled: 'taken', repeated: 'repeated', agrees: 'agrees', kept_late: 'late', kept_unmatched: 'unmatched' },
  ...{ full: 'full', too_many: 'too_many' },
};

/** Of a callback that was refused; null for one that has its verdict from its delivery, and for our own trouble. */
function verdictOfProblem(code: string | null): CallbackVerdict | null {
  if (code === null || code === 'temporal_unavailable') return null;
  if (code === 'bad_control') return 'bad_control';
  return code === 'not_found' ? 'unknown_endpoint' : 'malformed';
}

/** `endpoint` is null for a name that is not configured. */
export type OnVerdict = (endpoint: string | null, verdict: CallbackVerdict) => void;

/** Why a callback was not taken, where that is the sender's doing; null for our own trouble. */
function refusalOf(error: FastifyError): string | null {
  if (error instanceof Problem) return error.code;
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500 ? 'unreadable' : null;
}

type CallbackRequest = Pick<FastifyRequest, 'raw' | 'body'>;

function verify(
  request: CallbackRequest,
  { controlKeys, payoutTypes }: { controlKeys: readonly string[]; payoutTypes: readonly string[] },
) {
  try {
    return verifyCallback(readPairs(request), controlKeys, payoutTypes);
  } catch (error) {
    if (!(error instanceof CallbackRejected)) throw error;
    throw new Problem(error.kind === 'malformed' ? 'malformed_callback' : 'bad_control');
  }
}

/** False for what `verify` refuses for its control, or because it can be read in two ways or not at all. */
function isSigned(request: CallbackRequest, controlKeys: readonly string[]): boolean {
  try {
    return isSignedCallback(readPairs(request), controlKeys);
  } catch (error) {
    if (error instanceof CallbackRejected) return false;
    throw error;
  }
}

/** Query and body together: a name that is in both is there twice. */
function readPairs(request: CallbackRequest): CallbackPairs {
  const url = request.raw.url ?? '';
  const start = url.indexOf('?');
  const query = start === -1 ? '' : url.slice(start + 1);
  const body = typeof request.body === 'string' ? request.body : '';
  return [...(query === '' ? [] : parsePairs(query)), ...(body === '' ? [] : parsePairs(body))];
}
