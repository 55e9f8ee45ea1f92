import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { shareLookups } from '../net/shared-lookup';

export interface GatewayAgentOptions {
  /** The only place it connects to. */
  readonly base: URL;
  /** Most sockets at once. */
  readonly connections: number;
  readonly connectMs: number;
}

const lookupName: LookupFunction = lookup;

/** Names no address: the message may reach a log. */
const ELSEWHERE = new Error('expected a connection to the configured gateway only');

/**
 * The pool of one endpoint. It opens a socket to the scheme, host and port of its base URL or not at all, whatever URL it is given,
 * checks certificates whatever the environment says, and knows no proxy: an `HTTPS_PROXY` of the environment is not read.
 */
export function createGatewayAgent({ base, connections, connectMs }: GatewayAgentOptions): Agent {
  // An explicit rejectUnauthorized also overrides NODE_TLS_REJECT_UNAUTHORIZED; minVersion overrides --tls-min-v1.0.
  const connect = buildConnector({
    timeout: connectMs,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    allowH2: false,
    lookup: shareLookups(lookupName),
  });
  return new Agent({
    connections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 10_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, callback) => {
      if (isSamePlace(options, base)) connect(options, callback);
      else callback(ELSEWHERE, null);
    },
  });
}

function isSamePlace({ protocol, host }: buildConnector.Options, base: URL): boolean {
  return protocol === base.protocol && host === base.host;
}
