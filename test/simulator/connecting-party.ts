import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulatorConfig } from '../../simulator/config';
import { DEFAULT_SETTINGS, type Settings } from '../../simulator/settings';
import { buildSimulator } from '../../simulator/simulator';
import { statusControl } from '../../simulator/wire/control';
import { encodeQuery, type Pair, percentEncode } from '../../simulator/wire/form';
import { buildBaseString } from '../../simulator/wire/oauth';

export const LOGIN = 'cp-demo';
export const CONTROL_KEY = '0F3C5A2E-7B1D-4C86-9E55-2A6D8B1F4E70';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const FAST: Settings = {
  ...DEFAULT_SETTINGS,
  processingMs: 5,
  callbackDelayMs: 2,
  slowMs: 40,
  hangMs: 20,
  lateMs: 60,
  reversalDelayMs: 5,
  unknownMs: 10,
  callbackTimeoutMs: 5_000,
  callbackFirstGapMs: 3,
  callbackGapFactor: 1,
  callbackTries: 5,
};

export function makeLedgerPath(): { path: string; remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'ledger-'));
  return { path: join(directory, 'ledger.jsonl'), remove: () => rmSync(directory, { recursive: true, force: true }) };
}

export interface StartOptions {
  readonly ledgerPath: string;
  readonly settings?: Partial<Settings>;
  readonly config?: Partial<SimulatorConfig>;
}

/** A simulator on a free port, quiet but for `lines`. */
export async function startSimulator({ ledgerPath, settings = {}, config = {} }: StartOptions) {
  const lines: string[] = [];
  const simulator = await buildSimulator(
    {
      host: '127.0.0.1',
      port: 0,
      ledgerPath,
      login: LOGIN,
      controlKey: CONTROL_KEY,
      publicKey,
      publicBaseUrl: null,
      endpoints: [],
      settings: { ...FAST, ...settings },
      ...config,
    },
    (line) => lines.push(line),
  );
  return { ...(await simulator.start()), app: simulator.app, stop: simulator.stop, lines };
}

/** A server that takes callbacks; answers 200 by default, one status per request in turn. */
export async function startCallbackReceiver(answers: number[] = []) {
  const received: { method: string; query: URLSearchParams; body: string }[] = [];
  const server: Server = createServer((request: IncomingMessage, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://receiver');
      received.push({ method: request.method ?? '', query: url.searchParams, body });
      const status = answers.shift() ?? 200;
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cb?src=gw`,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

export interface SignOptions {
  readonly nonce?: string;
  readonly timestampSeconds?: number;
  readonly key?: KeyObject;
}

/** An `Authorization` header for a body. */
export function authorize(url: string, body: readonly Pair[], options: SignOptions = {}): string {
  const parameters: Pair[] = [
    ['oauth_consumer_key', LOGIN],
    ['oauth_nonce', options.nonce ?? randomBytes(16).toString('hex')],
    ['oauth_signature_method', 'RSA-SHA256'],
    ['oauth_timestamp', String(options.timestampSeconds ?? Math.floor(Date.now() / 1000))],
    ['oauth_version', '1.0'],
  ];
  const base = buildBaseString(url, [...body, ...parameters]);
  const signature = sign('RSA-SHA256', Buffer.from(base), options.key ?? privateKey).toString('base64');
  const header = [...parameters, ['oauth_signature', signature] as const];
  return `OAuth ${header.map(([name, value]) => `${name}="${percentEncode(value)}"`).join(', ')}`;
}

export interface PostOptions extends SignOptions {
  readonly headers?: Record<string, string>;
}

export async function postSigned(url: string, fields: Record<string, string>, options: PostOptions = {}) {
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: authorize(url, Object.entries(fields), options),
      ...options.headers,
    },
    body: encodeQuery(fields),
  });
}

/** A valid create request whose account number ends with the digits. */
export function payoutFields(digits: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    client_orderid: `PO-${digits}`,
    amount: '10.5',
    currency: 'EUR',
    account_number: `DE8937040044053201${digits}`,
    ...more,
  };
}

export async function readReply(response: Response): Promise<Record<string, string>> {
  const text = await response.text();
  return Object.fromEntries([...new URLSearchParams(text)].map(([name, value]) => [name, value.replace(/\n$/, '')]));
}

export async function askStatus(
  baseUrl: string,
  clientOrderId: string,
  orderId = '',
  more: Record<string, string> = {},
) {
  const control = statusControl({ login: LOGIN, clientOrderId, orderId, controlKey: CONTROL_KEY });
  const fields = { login: LOGIN, client_orderid: clientOrderId, ...(orderId ? { orderid: orderId } : {}), control };
  return fetch(`${baseUrl}/api/v2/status/1144`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: encodeQuery({ ...fields, ...more }),
  });
}

/** Asks again until the answer fits; fails after a generous while. */
export async function eventually<T>(ask: () => Promise<T> | T, fits: (value: T) => boolean): Promise<T> {
  const endMs = Date.now() + 20_000;
  for (;;) {
    const value = await ask();
    if (fits(value)) return value;
    if (Date.now() > endMs) throw new Error(`never fitted: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

export async function controlGet<T>(controlUrl: string, path: string): Promise<T> {
  return (await (await fetch(`${controlUrl}${path}`)).json()) as T;
}

export async function controlSend(controlUrl: string, method: 'POST' | 'PATCH', path: string, body: unknown) {
  const response = await fetch(`${controlUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { httpStatus: response.status, body: (await response.json()) as Record<string, unknown> };
}
