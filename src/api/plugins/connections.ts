import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';
import { BOUNDS, type ConnectionBounds } from '../../config/bounds';

const LOOK_EVERY_MS = 1_000;

/** What a client may hold open without asking for anything, or without reading what it asked for. */
export function connectionOptions(bounds: ConnectionBounds = DEFAULTS) {
  const { requestMs } = bounds;
  return {
    bodyLimit: BOUNDS.jsonBytes.most,
    requestTimeout: requestMs,
    keepAliveTimeout: BOUNDS.keepAliveMs.most,
    connectionTimeout: BOUNDS.silentMs.most,
    http: {
      maxHeaderSize: BOUNDS.headerBytes.most,
      // Node exchanges the two limits when the one for headers is the longer, as it is by default: then no body is ever late.
      headersTimeout: requestMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(requestMs, LOOK_EVERY_MS),
    },
  } satisfies FastifyHttpOptions<Server>;
}

const DEFAULTS: ConnectionBounds = { most: BOUNDS.connections.most, requestMs: BOUNDS.requestMs.most };
