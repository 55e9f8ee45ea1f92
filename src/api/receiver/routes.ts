import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { BOUNDS } from '../../config/bounds';
import { TemporalUnavailable } from '../../store/errors';
import { destinationHash } from '../../store/fingerprint';
import type { PayoutStore, Reading } from '../../store/payouts';
import type { EndpointDirectory } from '../endpoints';
import { registerAs } from '../plugins/access';
import { serveAssets } from '../plugins/assets';
import { Problem } from '../plugins/errors';
import { createRecentIds } from '../plugins/recent-ids';
import type { DetailsForm } from './details-form';
import { chooseReader, type Reader } from './language';
import { ASSETS_PATH, type Notice, PAGE_HEADERS, RETURN_PAGE, renderNotice, renderReceiverPage } from './page';
import { type FormPlan, planForm, readForm } from './receiver-form';
import { areLinksOver, type ReceiverLinks } from './receiver-links';
import { createReturnHint } from './receiver-return';
import { isOver, pauseAfter, type ReceiverStage, stageOf, stageTag } from './receiver-stage';

export interface ReceiverRoutesDeps {
  readonly store: PayoutStore;
  readonly endpoints: EndpointDirectory;
  readonly hashKey: string;
  readonly links: ReceiverLinks;
  readonly publicBaseUrl: string;
  readonly now: () => number;
}

/** Longer than a workflow task whose worker died is waited for. */
const TAKEN_WINDOW_MS = 30_000;
const UNTOUCHED: Pick<DetailsForm, 'values' | 'errors'> = { values: new Map(), errors: new Map() };
const NOTICE_STATUS: Readonly<Record<Notice, number>> = {
  unknown: 404,
  link_expired: 410,
  busy: 429,
  unavailable: 503,
};

/**
 * The Receiver's pages: their link is their only credential. A token that is wrong, unknown or altered is answered with one constant
 * page. Of the final redirect, which passed through a browser, nothing is read, believed or logged: it only has the order status asked.
 */
export function receiverRoutes(deps: ReceiverRoutesDeps): FastifyPluginAsync {
  const { store, endpoints, hashKey, links, publicBaseUrl, now } = deps;
  const base = `${new URL(publicBaseUrl).pathname.replace(/\/$/, '')}/r/`;
  const hintReturn = createReturnHint(store, now);
  const taken = createRecentIds({ windowMs: TAKEN_WINDOW_MS, now });

  return async (app) => {
    await app.register(async (pages) => registerPages(pages), { prefix: '/r' });
  };

  function registerPages(app: FastifyInstance): void {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      '*',
      { parseAs: 'string', bodyLimit: BOUNDS.receiverFormBytes.most },
      (_request, _body, done) => done(null, null),
    );
    app.setNotFoundHandler((request, reply) => sendNotice(reply, 'unknown', readerOf(request)));
    app.setErrorHandler((error: FastifyError, request, reply) => {
      if (error instanceof Problem && error.code === 'too_many_requests') {
        return sendNotice(reply, 'busy', readerOf(request));
      }
      const status = error.statusCode ?? 500;
      if (status >= 400 && status < 500) return sendNotice(reply, 'unknown', readerOf(request));
      if (!(error instanceof TemporalUnavailable)) request.log.error({ err: error }, 'request failed');
      return sendNotice(reply, 'unavailable', readerOf(request));
    });

    const open = { schema: { hide: true }, config: { access: 'receiver' } } as const;
    void registerAs(app, 'receiver', async (scope) => {
      await serveAssets(scope, 'receiver', { prefix: `/${ASSETS_PATH}`, immutable: true, maxAge: '1y' });
    });
    app.route({
      method: ['GET', 'POST'],
      url: '/return',
      ...open,
      handler: async (_request, reply) => reply.headers(PAGE_HEADERS).send(RETURN_PAGE),
    });
    app.get('/:token', open, async (request, reply) => {
      const found = await find(request);
      if (typeof found === 'string') return sendNotice(reply, found, readerOf(request));
      const { by } = request.query as { by?: unknown };
      return sendPage(request, reply, { ...found, form: { plan: planOf(found.reading, by), ...UNTOUCHED } });
    });
    void app.register(async (forms) => {
      forms.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
        done(null, body),
      );
      forms.post('/:token', open, async (request, reply) => {
        const found = await find(request);
        if (typeof found === 'string') return sendNotice(reply, found, readerOf(request));
        const { reading, token } = found;
        if (stageNow(reading) === 'details') {
          const refused = await takeDetails(reading, request);
          if (refused !== null) return sendPage(request, reply.code(422), { ...found, form: refused });
        }
        return leadTo(reply, `${token}?lang=${readerOf(request).language}`);
      });
    });
    app.get('/:token/status', open, async (request, reply) => {
      const found = await find(request);
      void reply.header('cache-control', 'no-store');
      if (typeof found === 'string') return reply.code(NOTICE_STATUS[found]).send({ stage: null });
      const { payout } = found.reading;
      const stage = stageNow(found.reading);
      return reply.send({ stage, tag: stageTag(payout, stage), isOver: isOver(stage) });
    });
    app.route({
      method: ['GET', 'POST'],
      url: '/:token/return',
      ...open,
      handler: async (request, reply) => {
        const token = tokenOf(request);
        const read = links.read(token, now());
        if (read.kind === 'unknown') return sendNotice(reply, 'unknown', readerOf(request));
        if (read.kind === 'valid') await hintReturn(read.clientOrderId);
        return leadTo(reply, token);
      },
    });
  }

  /** A signal that comes while a worker holds a task is recorded only when that ends: a Receiver who just sent details must not be asked again. */
  function stageNow(reading: Reading): ReceiverStage {
    const stage = stageOf(reading, now());
    return stage === 'details' && taken.has(reading.payout.clientOrderId) ? 'working' : stage;
  }

  function planOf({ input, payout }: Reading, method: unknown): FormPlan {
    const { endpoint } = payout;
    const rules = {
      requiredFields: endpoints.requiredFieldsOf(endpoint),
      fieldLengths: endpoints.fieldLengthsOf(endpoint),
    };
    return planForm(input.request, rules, method);
  }

  /** Hands what was entered to the payout, which takes the first one; what is wrong with it comes back as the form to show. */
  async function takeDetails(reading: Reading, request: FastifyRequest): Promise<DetailsForm | null> {
    const values = new Map(new URLSearchParams(typeof request.body === 'string' ? request.body : ''));
    const plan = planOf(reading, values.get('by'));
    const asked = reading.input.request;
    const read = readForm({ plan, asked, nowMs: now(), ipAddress: request.ip }, values);
    if ('errors' in read) return { plan, values, errors: read.errors };
    const hash = destinationHash(read.details.destination, hashKey);
    const { clientOrderId } = reading.payout;
    const isStored = await store.signalDetails(clientOrderId, {
      ...{ ...read.details, destinationHash: hash, enteredFrom: request.ip },
    });
    // Of a payout that is no longer running nothing was taken: its page must not say so.
    if (isStored) taken.add(clientOrderId);
    return null;
  }

  function sendPage(
    request: FastifyRequest,
    reply: FastifyReply,
    { reading, token, form }: { reading: Reading; token: string; form: DetailsForm },
  ): FastifyReply {
    const { payout } = reading;
    const stage = stageNow(reading);
    const page = renderReceiverPage({
      ...{ payout, stage, token, base, tag: stageTag(payout, stage) },
      reader: readerOf(request),
      form: stage === 'details' ? form : null,
      pauseS: pauseAfter(now() - payout.updatedAtMs),
    });
    return reply.headers(PAGE_HEADERS).send(page);
  }

  function leadTo(reply: FastifyReply, page: string): FastifyReply {
    return reply
      .headers({ 'cache-control': 'no-store', location: `${base}${page}` })
      .code(303)
      .send();
  }

  async function find(request: FastifyRequest): Promise<Notice | { reading: Reading; token: string }> {
    const token = tokenOf(request);
    const read = links.read(token, now());
    if (read.kind !== 'valid') return read.kind === 'expired' ? 'link_expired' : 'unknown';
    const reading = await store.read(read.clientOrderId);
    if (reading === null) return 'unknown';
    return areLinksOver(reading.payout, now()) ? 'link_expired' : { reading, token };
  }

  function sendNotice(reply: FastifyReply, notice: Notice, reader: Reader): FastifyReply {
    if (notice === 'unavailable') void reply.header('retry-after', 5);
    return reply.code(NOTICE_STATUS[notice]).headers(PAGE_HEADERS).send(renderNotice(notice, { base, reader }));
  }
}

function tokenOf(request: FastifyRequest): string {
  return (request.params as { token: string }).token;
}

function readerOf(request: FastifyRequest): Reader {
  const { lang } = request.query as { lang?: unknown };
  return chooseReader(lang, request.headers['accept-language']);
}
