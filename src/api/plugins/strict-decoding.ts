import type { FastifyInstance } from 'fastify';
import { Problem } from './errors';
import { hasRepeatedName } from './json-names';

/** Nothing that a caller sends is decoded on trust: a byte that is no UTF-8 would silently become another character. */
export function registerStrictDecoding(app: FastifyInstance): void {
  registerStrictJson(app);
  registerStrictQueries(app);
}

/**
 * JSON as Fastify reads it. Refused besides: bytes that are no UTF-8, another named character set, prototype names, and a name that is
 * there twice.
 */
function registerStrictJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (!isUtf8Named(request.headers['content-type'])) return done(new Problem('unsupported_media_type'));
    const body = decodeUtf8(bytes);
    if (body === null) return done(new Problem('invalid_request', [{ field: 'body', expected: 'JSON in UTF-8' }]));
    void parse(request, body, (error, value) => {
      if (error !== null || !hasRepeatedName(body)) return done(error, value);
      done(new Problem('invalid_request', [{ field: 'body', expected: 'every name once' }]));
    });
  });
}

/** Queries of callers. What the gateway and browsers append to an address is read by those routes in their own way. */
function registerStrictQueries(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ is404, routeOptions, raw }) => {
    const { access } = routeOptions.config;
    if (is404 || access === 'gateway' || access === 'receiver') return;
    if (!isPercentEncoded(raw.url ?? '')) {
      throw new Problem('invalid_request', [{ field: 'query', expected: 'percent-encoded UTF-8' }]);
    }
  });
}

function isPercentEncoded(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** The text of these bytes, or null when they are no UTF-8. */
function decodeUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** False when a `Content-Type` names another character set than UTF-8. */
function isUtf8Named(contentType = ''): boolean {
  return [...contentType.matchAll(/;\s*charset\s*=\s*"?([^;"\s]*)/gi)].every(([, name = '']) => /^utf-?8$/i.test(name));
}
