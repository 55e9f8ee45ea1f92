import type { FastifyInstance } from 'fastify';
import { Problem } from './errors';

/** Nothing that a caller sends is decoded on trust: a byte that is not UTF-8 would silently become another character. */
export function registerStrictDecoding(app: FastifyInstance): void {
  registerStrictJson(app);
  registerStrictQueries(app);
}

/**
 * JSON as Fastify reads it, and no other body. Also refused: bytes that are not UTF-8, another named character set, prototype names, and
 * repeated names.
 */
function registerStrictJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (!isUtf8Named(request.headers['content-type'])) return done(new Problem('unsupported_media_type'));
    const body = decodeUtf8(bytes);
    if (body === null) return done(new Problem('invalid_request', [{ field: 'body', expected: 'JSON in UTF-8' }]));
    void parse(request, body, (error, value) => {
      if (error !== null || !hasRepeatedName(body)) return done(error, value);
      done(new Problem('invalid_request', [{ field: 'body', expected: 'each name once' }]));
    });
  });
}

/** Queries of callers. What the gateway and browsers append to an address is read by those routes in their own way. */
function registerStrictQueries(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ is404, routeOptions, raw }) => {
    const { access } = routeOptions.config;
    if (is404 || access === 'gateway' || access === 'receiver') return;
    try {
      decodeURIComponent(raw.url ?? '');
    } catch {
      throw new Problem('invalid_request', [{ field: 'query', expected: 'percent-encoded UTF-8' }]);
    }
  });
}

/** The text of these bytes, or null when they are not UTF-8. */
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

/** In valid JSON: where an object begins and ends, and its names; strings that are values are passed over. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]/g;

/**
 * True when an object in this JSON has a name twice, at any depth, however it is escaped. Readers differ in which of the two they
 * believe, so what one has checked may not be what the other does.
 * @param json valid JSON: of anything else the answer means nothing
 */
export function hasRepeatedName(json: string): boolean {
  const open: Set<string>[] = [];
  for (const [token, colon] of json.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon !== undefined) {
      const name = String(JSON.parse(token.slice(0, -colon.length)));
      const names = open.at(-1);
      if (names?.has(name)) return true;
      names?.add(name);
    }
  }
  return false;
}
