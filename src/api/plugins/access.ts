import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { type ApiKey, holdsApiKey, type Scope } from '../../config/api-keys';
import type { AccessSettings } from '../../config/config';
import { problemAnswer } from './answers';
import { type Caller, type CallerDirectory, createCallerDirectory, LOCAL, refuseForeignPages } from './callers';
import { Problem } from './errors';
import { registerLimits } from './limits';
import { named } from './named';

/**
 * Who may use a route. A scope: callers that have a key with it. `public`: everyone. `receiver`: everyone, at the Receiver's rate.
 * `gateway`: everyone, because a callback carries its own proof.
 */
export type Access = Scope | 'public' | 'receiver' | 'gateway';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Without it the process does not start. */
    access?: Access;
    /** Proof of the caller's identity other than a key, such as a session; asked when a request carries no key. */
    identify?: (request: FastifyRequest) => Caller | null;
    /** Origins whose pages may use the route too while there are no keys. */
    origins?: readonly string[];
  }
  interface FastifyRequest {
    /** Who asks; null on routes that ask for no key. */
    caller: Caller | null;
  }
  interface FastifyInstance {
    /** The caller that an `Authorization` header identifies. @throws Problem unauthenticated, or too_many_requests after many wrong keys */
    admitKey(authorization: string | undefined, request: FastifyRequest, reply: FastifyReply): Promise<Caller>;
    /** The keys as they are now. */
    callers: CallerDirectory;
    /** The caller of a long-running request, by the keys as they are now; null when it would no longer be accepted. */
    recheck(request: FastifyRequest): Caller | null;
  }
}

/** The name of the security scheme in the description of the API. */
export const SECURITY_SCHEME = 'apiKey';

/** True for routes that ask for a key. */
function isKeyed(access: Access): access is Scope {
  return access !== 'public' && access !== 'receiver' && access !== 'gateway';
}

/**
 * Checks access. Register it before any route: it is inherited. Every route says in `config.access` who may use it; a route that does
 * not stops the start.
 */
export async function registerAccess(
  app: FastifyInstance,
  { settings, keys, now }: { settings: AccessSettings; keys: () => readonly ApiKey[]; now: () => number },
): Promise<void> {
  const callers = createCallerDirectory(keys, now);
  const limits = await registerLimits(app, settings);
  const hasKeys = settings.apiKeys.length > 0;
  app.decorateRequest('caller', null);
  app.decorate('admitKey', admitKey);
  app.decorate('callers', callers);
  app.decorate('recheck', (request: FastifyRequest) => {
    if (!hasKeys) return LOCAL;
    const found = callers.identify(request.headers.authorization, request.ip);
    return found !== null && 'caller' in found ? found.caller : null;
  });
  requireAccess(app);

  app.addHook('onRequest', async (request, reply) => {
    const { access, identify, origins } = request.routeOptions.config;
    if (request.is404 || access === 'receiver') return await limits.limitAddress(request, reply);
    if (access === undefined) throw new Error('a route without an access rule was requested');
    if (!isKeyed(access)) return;
    const caller = hasKeys
      ? (identifyOtherwise(request, identify) ?? (await admitKey(request.headers.authorization, request, reply)))
      : admitLocal(request, origins);
    request.caller = caller;
    await limits.limitCaller(request, reply);
    if (!caller.scopes.includes(access)) throw new Problem('not_permitted', [{ field: 'scope', expected: access }]);
    if (namesKey(request.params)) throw new Problem('not_found');
  });

  async function admitKey(authorization: string | undefined, request: FastifyRequest, reply: FastifyReply) {
    const found = callers.identify(authorization, request.ip);
    if (found !== null && 'caller' in found) return found.caller;
    if (found !== null) request.log.warn({ caller: found.misplaced }, 'a key came from another network than its own');
    if (authorization !== undefined) await limits.countWrongKey(request, reply);
    void reply.header('www-authenticate', 'Bearer');
    throw new Problem('unauthenticated');
  }
}

/** True for a key in the place of an id. It is looked up nowhere: Temporal stores and logs ids unencrypted. */
function namesKey(params: unknown): boolean {
  return Object.values((params ?? {}) as Record<string, string>).some(holdsApiKey);
}

function admitLocal(request: FastifyRequest, origins: readonly string[] | undefined): Caller {
  refuseForeignPages(request, origins);
  return LOCAL;
}

function identifyOtherwise(
  request: FastifyRequest,
  identify: ((request: FastifyRequest) => Caller | null) | undefined,
) {
  return request.headers.authorization === undefined ? (identify?.(request) ?? null) : null;
}

/** Deny by default: a route without access fails the start, not a request. */
function requireAccess(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
    describeAccess(route);
  });
  app.addHook('onReady', async () => {
    // Only now: a plugin of others gets its access from one of our hooks that runs after this one.
    const silent = routes.filter(({ config }) => config?.access === undefined);
    if (silent.length === 0) return;
    const names = silent.map(({ method, url }) => `${[method].flat().join(', ')} ${url}`);
    throw new Error(`routes without an access rule: ${names.join('; ')}`);
  });
}

/** In the description: which scope, and how it refuses. */
function describeAccess(route: RouteOptions): void {
  const access = route.config?.access;
  if (access === undefined || !isKeyed(access) || route.schema === undefined) return;
  route.schema = {
    ...route.schema,
    security: [{ [SECURITY_SCHEME]: [access] }],
    response: {
      ...(route.schema.response as object | undefined),
      401: problemAnswer,
      403: problemAnswer,
      429: problemAnswer,
    },
  };
}

/** Gives every route of a plugin that is not ours this access. */
export function registerAs(app: FastifyInstance, access: Access, plugin: (scope: FastifyInstance) => Promise<void>) {
  const scoped = async (scope: FastifyInstance) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access };
    });
    await plugin(scope);
  };
  return app.register(named(access, scoped));
}
