import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { BOUNDS } from '../../config/bounds';
import { TemporalUnavailable } from '../../store/errors';
import { destinationHash } from '../../store/fingerprint';
import type { PayoutStore, Reading } from '../../store/payouts';
import type { EndpointDirectory } from '../endpoints';
import { registerAs } from '../plugins/access';
import { serveAssets } from '../plugins/assets';
import { Problem } from '../plugins/errors';
import { named } from '../plugins/named';
import { createRecentIds } from '../plugins/recent-ids';
import type { Brands } from './brands';
import type { CheckedForm } from './check-page';
import type { DetailsForm } from './details-form';
import { chooseReader, type Reader } from './language';
import { ASSETS_PATH, type Ended, type Notice, PAGE_HEADERS, renderNotice, renderReceiverPage } from './page';
import { type FormPlan, normaliseForm, planForm, readForm } from './receiver-form';
import { areLinksOver, type ReceiverLinks } from './receiver-links';
import { createReturnHint } from './receiver-return';
import { isOver, pauseAfter, type ReceiverStage, stageOf, stageTag } from './receiver-stage';
import type { FormSeal } from './sealed-form';

export interface ReceiverRoutesDeps {
  readonly store: PayoutStore;
  readonly endpoints: EndpointDirectory;
  readonly brands: Brands;
  readonly seal: FormSeal;
  readonly hashKey: string;
  readonly links: ReceiverLinks;
  readonly publicBaseUrl: string;
  readonly now: () => number;
}

/** Longer than a workflow task whose worker died is waited for. */
const TAKEN_WINDOW_MS = 30_000;
const NOTHING: ReadonlyMap<string, string> = new Map();
/** A picture may be opened by itself: then it may do nothing either. */
const BRAND_HEADERS = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'public, max-age=31536000, immutable',
} as const;

/** A payout with its page's link, and what its Receiver is at: filling in, or checking. */
interface Found {
  readonly reading: Reading;
  readonly token: string;
}
type Entry = { readonly form: DetailsForm } | { readonly check: CheckedForm };

/** A page of one message, and what it says of one of our links that has ended. */
interface Missing {
  readonly notice: Notice;
  readonly ended: Ended | null;
}
const UNKNOWN: Missing = { notice: 'unknown', ended: null };

const NOTICE_STATUS: Readonly<Record<Notice, number>> = {
  unknown: 404,
  link_expired: 410,
  busy: 429,
  unavailable: 503,
  returned: 200,
};

/**
 * The Receiver's pages: their link is their only credential. A token that is wrong, unknown or altered is answered with one constant
 * page. Of the final redirect, which passed through a browser, nothing is read, believed or logged: it only has the order status asked.
 */
export function receiverRoutes(deps: ReceiverRoutesDeps): FastifyPluginAsync {
  const { store, endpoints, brands, seal, hashKey, links, publicBaseUrl, now } = deps;
  const { host, pathname } = new URL(publicBaseUrl);
  const base = `${pathname.replace(/\/$/, '')}/r/`;
  const hintReturn = createReturnHint(store, now);
  const taken = createRecentIds({ windowMs: TAKEN_WINDOW_MS, now });

  return async (app) => {
    const pages: FastifyPluginAsync = async (scope) => registerPages(scope);
    await app.register(named('pages', pages), { prefix: '/r' });
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
    app.get('/brand/:name', open, async (request, reply) => {
      const file = brands.file((request.params as { name: string }).name);
      if (file === null) return sendNotice(reply, 'unknown', readerOf(request));
      return reply.headers({ ...BRAND_HEADERS, 'content-type': file.type }).send(file.body);
    });
    app.route({
      method: ['GET', 'POST'],
      url: '/return',
      ...open,
      handler: async (request, reply) =>
        sendNotice(reply, 'returned', chooseReader(undefined, request.headers['accept-language'])),
    });
    app.get('/:token', open, async (request, reply) => {
      const found = await find(request);
      if ('notice' in found) return sendNotice(reply, found.notice, readerOf(request), found.ended);
      const { by } = request.query as { by?: unknown };
      const form = { plan: planOf(found.reading, by), values: NOTHING, errors: new Map(), kept: '' };
      return sendPage(request, reply, { ...found, form });
    });
    const forms: FastifyPluginAsync = async (scope) => {
      scope.addContentTypeParser(
        'application/x-www-form-urlencoded',
        { parseAs: 'string', bodyLimit: BOUNDS.receiverFormBytes.most },
        (_request, body, done) => done(null, body),
      );
      scope.post('/:token', open, async (request, reply) => {
        const found = await find(request);
        if ('notice' in found) return sendNotice(reply, found.notice, readerOf(request), found.ended);
        const { reading, token } = found;
        if (stageNow(reading) === 'details') {
          const entry = await takeForm(reading, request);
          if (entry !== null) {
            const isWrong = 'form' in entry && entry.form.errors.size > 0;
            return sendPage(request, reply.code(isWrong ? 422 : 200), { ...found, ...entry });
          }
        }
        return leadTo(reply, `${token}?lang=${readerOf(request).language}`);
      });
    };
    void app.register(named('forms', forms));
    app.get('/:token/status', open, async (request, reply) => {
      const found = await find(request);
      void reply.header('cache-control', 'no-store');
      if ('notice' in found) return reply.code(NOTICE_STATUS[found.notice]).send({ stage: null });
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
    return planForm(input.request, endpoints.formRulesOf(payout.endpoint), method);
  }

  /** What was entered for the other ways of being paid: it stays until the Receiver comes back to them. */
  function pickOthers(reading: Reading, plan: FormPlan, entered: ReadonlyMap<string, string>): Map<string, string> {
    const own = plan.fields.map(({ name }) => name);
    const others = plan.methods
      .flatMap((method) => planOf(reading, method).fields)
      .filter(({ name }) => !own.includes(name));
    return new Map(
      others.flatMap(({ name, maxLength }) => {
        const text = entered.get(name) ?? '';
        return text === '' || text.length > 2 * maxLength ? [] : [[name, text]];
      }),
    );
  }

  /**
   * What to show next of a form that was sent: itself, with what is wrong or to be changed, or what was entered, to be checked. Null once
   * that was handed to the payout, which takes the first one. Only what was checked is sent, so it comes back sealed.
   */
  async function takeForm(reading: Reading, request: FastifyRequest): Promise<Entry | null> {
    const { clientOrderId } = reading.payout;
    const sent = new Map(new URLSearchParams(typeof request.body === 'string' ? request.body : ''));
    const sealed = sent.get('sealed') ?? null;
    const opened = seal.open(clientOrderId, sealed ?? sent.get('kept') ?? '') ?? NOTHING;
    const entered = sealed === null ? new Map([...opened, ...sent]) : opened;
    const way = sent.get('way');
    const plan = planOf(reading, way ?? entered.get('by'));
    const others = pickOthers(reading, plan, entered);
    const kept = others.size === 0 ? '' : seal.seal(clientOrderId, others);
    if (way !== undefined || sent.get('step') === 'edit')
      return { form: { plan, values: entered, errors: new Map(), kept } };
    const read = readForm({ plan, asked: reading.input.request, nowMs: now(), ipAddress: request.ip }, entered);
    if ('errors' in read) return { form: { plan, values: entered, errors: read.errors, kept } };
    if (sealed === null) {
      const values = normaliseForm(plan, entered);
      return { check: { plan, values, sealed: seal.seal(clientOrderId, new Map([...others, ...values])) } };
    }
    const { details } = read;
    const marks = { destinationHash: destinationHash(details.destination, hashKey), enteredFrom: request.ip };
    // Of a payout that is no longer running nothing was taken: its page must not say so.
    if (await store.signalDetails(clientOrderId, { ...details, ...marks })) taken.add(clientOrderId);
    return null;
  }

  function sendPage(
    request: FastifyRequest,
    reply: FastifyReply,
    { reading, token, ...entry }: Found & Entry,
  ): FastifyReply {
    const { payout } = reading;
    const stage = stageNow(reading);
    const isAsking = stage === 'details';
    const brand = brands.of(payout);
    const page = renderReceiverPage({
      ...{ payout, stage, token, base, host, brand, tag: stageTag(payout, stage) },
      purpose: reading.input.request.purpose ?? brand?.purpose ?? null,
      reader: readerOf(request),
      form: isAsking && 'form' in entry ? entry.form : null,
      check: isAsking && 'check' in entry ? entry.check : null,
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

  async function find(request: FastifyRequest): Promise<Missing | Found> {
    const token = tokenOf(request);
    const read = links.read(token, now());
    if (read.kind === 'unknown') return UNKNOWN;
    const reading = await store.read(read.clientOrderId);
    if (read.kind === 'valid' && reading === null) return UNKNOWN;
    if (read.kind === 'valid' && reading !== null && !areLinksOver(reading.payout, now())) return { reading, token };
    const brand = reading === null ? null : brands.of(reading.payout);
    return { notice: 'link_expired', ended: { token, brand, reference: read.clientOrderId } };
  }

  function sendNotice(reply: FastifyReply, notice: Notice, reader: Reader, ended: Ended | null = null): FastifyReply {
    if (notice === 'unavailable') void reply.header('retry-after', 5);
    return reply.code(NOTICE_STATUS[notice]).headers(PAGE_HEADERS).send(renderNotice(notice, { base, reader, ended }));
  }
}

function tokenOf(request: FastifyRequest): string {
  return (request.params as { token: string }).token;
}

function readerOf(request: FastifyRequest): Reader {
  const { lang } = request.query as { lang?: unknown };
  return chooseReader(lang, request.headers['accept-language']);
}
