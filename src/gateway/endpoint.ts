import type { KeyObject } from 'node:crypto';
import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isLoopback } from '../net/addresses';
import { shareLookups } from '../net/shared-lookup';
import { COMMAND_PATHS, type Command } from './protocol';

/** An entry at the gateway: one endpoint (one currency) or a group of them. The id is decimal digits. */
export interface Target {
  readonly kind: 'endpoint' | 'group';
  readonly id: string;
}

/**
 * The URL of every command of an endpoint. `baseUrl` includes the context path, which differs between gateways.
 * @throws RangeError on a URL that is not https (http only to loopback), has user information, a query or a fragment, and on an id that
 *   is not decimal digits.
 */
export function toCommandUrls(baseUrl: string, target: Target): Readonly<Record<Command, URL>> {
  const base = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (base === null) throw new RangeError('baseUrl: expected an absolute URL with the context path');
  if (base.protocol !== 'https:' && !(base.protocol === 'http:' && isLoopback(base.hostname))) {
    throw new RangeError('baseUrl: expected https (plain http only to a loopback host)');
  }
  if (base.username !== '' || base.password !== '' || /[?#]/.test(baseUrl)) {
    throw new RangeError('baseUrl: expected no user information, query or fragment');
  }
  if (!/^[0-9]{1,20}$/.test(target.id)) throw new RangeError('target: expected an id of decimal digits');
  const root = base.href.replace(/\/$/, '');
  const tail = target.kind === 'group' ? `group/${target.id}` : target.id;
  const toUrl = (command: Command) => new URL(`${root}/${COMMAND_PATHS[command]}/${tail}`);
  return {
    payout: toUrl('payout'),
    payout_by_ref: toUrl('payout_by_ref'),
    status_v2: toUrl('status_v2'),
    status_v4: toUrl('status_v4'),
  };
}

/** @throws RangeError unless the key is a private RSA key of at least 2048 bits, the gateway's minimum. */
export function assertSigningKey(key: KeyObject): void {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.type !== 'private' || key.asymmetricKeyType !== 'rsa' || bits < 2048) {
    throw new RangeError('privateKey: expected a private RSA key of at least 2048 bits');
  }
}

/** @throws RangeError unless the text is an absolute http or https URL without user information. */
export function assertReturnAddress(field: string, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new RangeError(`${field}: expected an absolute http or https URL`);
  }
}

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
