import type { PayloadCodec } from '@temporalio/common';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { LruMap } from 'toad-cache';
import { z } from 'zod';
import { hashApiKey } from '../../config/api-keys';
import { BOUNDS } from '../../config/bounds';
import { ALL_TENANTS, includesTenant, type Tenants } from '../../domain/tenants';
import { actorOf, tenantsOf } from '../plugins/callers';
import { Problem } from '../plugins/errors';
import { decodePage } from './decode-page';
import { PAGE_HEADERS, renderPage } from './page';
import { type CodecSessions, createCodecSessions } from './session';

/** What reading payloads needs; without it there are no such routes. */
export interface CodecSettings {
  readonly codec: PayloadCodec;
  /** Of the Temporal interface, the one foreign origin whose pages may call. */
  readonly origin: string;
  /** Payloads of this namespace are opened. */
  readonly namespace: string;
}

/** Whose a workflow is; null when there is none of this id. */
type OwnerOf = (workflowId: string) => Promise<string | null>;

export interface CodecDeps extends CodecSettings {
  readonly hasKeys: boolean;
  readonly ownerOf: OwnerOf;
  readonly isHttps: boolean;
  readonly now: () => number;
}

const WORKFLOW_IDS_LOGGED = 100;
const PREFLIGHT_SECONDS = 600;
/** An id is free again after the retention, of days. */
const OWNERS_KEPT_MS = 600_000;

const body = z.object({
  payloads: z.array(
    z.looseObject({
      metadata: z.record(z.string(), z.string()).nullish(),
      data: z.string().nullish(),
    }),
  ),
});
const headers = z.object({ 'x-namespace': z.string().min(1).max(1_000) });

/**
 * A codec server in Temporal's protocol (docs.temporal.io/codec-server), `decode` alone: with `encode` anyone who may read could also make
 * payloads that pass for ours. The browser calls it itself; the interface's own server never does.
 */
export function codecRoutes(deps: CodecDeps): FastifyPluginAsyncZod {
  return async (app) => {
    const sessions = createCodecSessions({ ...deps, callers: app.callers });
    await app.register(decodeRoutes(deps, sessions));
    await app.register(pageRoutes(deps, sessions));
  };
}

function decodeRoutes(deps: CodecDeps, sessions: CodecSessions): FastifyPluginAsyncZod {
  const { codec, origin, namespace, hasKeys } = deps;
  const seenBy = createOwnership(deps.ownerOf);
  return async (app) => {
    allowOrigin(app, origin);
    app.options('/codec/decode', { schema: { hide: true }, config: { access: 'public' } }, async (_request, reply) =>
      reply
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', 'authorization, content-type, x-namespace')
        .header('access-control-max-age', PREFLIGHT_SECONDS)
        .code(204)
        .send(),
    );
    app.post(
      '/codec/decode',
      {
        // Temporal hands out histories in pages of at most 4 MiB, which base64 and JSON make a half longer.
        bodyLimit: BOUNDS.codecBytes.most,
        schema: { hide: true, body, headers },
        config: {
          access: 'codec',
          origins: [origin],
          identify: ({ headers: { cookie }, ip }) => sessions.identify(cookie, ip),
        },
      },
      async (request, reply) => {
        const { payloads } = request.body;
        if (payloads.length > BOUNDS.codecPayloads.most) throw new Problem('too_large');
        const isOurs = request.headers['x-namespace'] === namespace;
        const page = isOurs ? await decodePage(payloads, { codec, namespace, sees: seenBy(tenantsOf(request)) }) : null;
        const workflowIds = page?.workflowIds ?? [];
        request.log.info(
          {
            actor: actorOf(request),
            by: !hasKeys ? 'no key' : request.headers.authorization === undefined ? 'session' : 'key',
            namespace: isOurs ? namespace : 'another',
            workflowIds: workflowIds.slice(0, WORKFLOW_IDS_LOGGED),
            workflows: workflowIds.length,
            payloads: payloads.length,
            opened: page?.opened ?? 0,
            refused: page?.refused ?? payloads.length,
          },
          'payloads read',
        );
        return reply.header('cache-control', 'no-store').send({ payloads: page?.payloads ?? payloads });
      },
    );
  };
}

/** Whether a workflow is of some tenants. Whose it is changes no sooner than its id is free again.*/
function createOwnership(ownerOf: OwnerOf) {
  const owners = new LruMap<string>(BOUNDS.recentIds.most, OWNERS_KEPT_MS);
  return (tenants: Tenants) => async (workflowId: string) => {
    if (tenants === ALL_TENANTS) return true;
    const owner = owners.get(workflowId) ?? (await ownerOf(workflowId));
    if (owner === null) return false;
    owners.set(workflowId, owner);
    return includesTenant(tenants, owner);
  };
}

/** Pages of that origin can read answers and refusals; pages of any other are refused. A request without an origin is from no page. */
function allowOrigin(app: FastifyInstance, origin: string): void {
  app.addHook('onRequest', async (request) => {
    if (request.headers.origin !== undefined && request.headers.origin !== origin) {
      throw new Problem('not_permitted', [{ field: 'origin', expected: 'the origin of the Temporal UI' }]);
    }
  });
  app.addHook('onSend', async (request, reply) => {
    void reply.header('vary', 'Origin');
    if (request.headers.origin !== origin) return;
    void reply.header('access-control-allow-origin', origin).header('access-control-allow-credentials', 'true');
  });
}

function pageRoutes(deps: CodecDeps, sessions: CodecSessions): FastifyPluginAsync {
  const { hasKeys, origin } = deps;
  // Open to all, at the rate of one address.
  const config = { access: 'receiver' } as const;

  function show(reply: FastifyReply, state: { caller: string | null; problem?: 'wrong_key' | 'wrong_scope' }) {
    return reply
      .headers(PAGE_HEADERS)
      .type('text/html; charset=utf-8')
      .send(renderPage({ ...state, origin, hasKeys }));
  }
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: BOUNDS.codecFormBytes.most },
      (_request, text, done) => done(null, new URLSearchParams(String(text))),
    );
    app.get('/codec', { schema: { hide: true }, config }, async (request, reply) =>
      show(reply, { caller: sessions.identify(request.headers.cookie, request.ip)?.name ?? null }),
    );
    app.post('/codec', { schema: { hide: true }, config }, async (request, reply) => {
      refuseOtherPages(request);
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      if (form.get('act') === 'leave') {
        const cookie = sessions.close(request.headers.cookie);
        return reply.header('set-cookie', cookie).redirect('/codec', 303);
      }
      const key = form.get('key') ?? '';
      const caller = await app.admitKey(`Bearer ${key}`, request, reply).catch(toNull);
      if (caller === null) return show(reply.code(401), { caller: null, problem: 'wrong_key' });
      if (!caller.scopes.includes('codec')) return show(reply.code(403), { caller: null, problem: 'wrong_scope' });
      request.log.info({ actor: caller.name }, 'session for reading payloads opened');
      return reply.header('set-cookie', sessions.open(hashApiKey(key))).redirect('/codec', 303);
    });
  };
}

/** A wrong key is shown on the page it was entered on. */
function toNull(error: unknown): null {
  if (error instanceof Problem && error.code === 'unauthenticated') return null;
  throw error;
}

/** Another site's page must not sign a person in or out. */
function refuseOtherPages({ headers: { origin, host, 'sec-fetch-site': site } }: FastifyRequest): void {
  const isOurs = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  if (isOurs && (site === undefined || site === 'same-origin')) return;
  throw new Problem('not_permitted', [{ field: 'origin', expected: 'the page of this address' }]);
}
