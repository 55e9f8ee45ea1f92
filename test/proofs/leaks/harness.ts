import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApiKey } from '../../../scripts/keys';
import { SCOPES, type Scope } from '../../../src/config/api-keys';
import { openHttpProxy, type Passage } from '../../support/http-proxy';
import { QUICK } from '../../support/quick';
import { type Stack, startStack } from '../../support/stack';
import { startTraceReceiver } from '../../support/trace-receiver';
import { COLLECTING_ENDPOINTS } from './entered';
import type { MarkerBook } from './marker';
import { createCallbackPassage, createReplyPassage } from './passage';
import { EXTRA_FIELDS, GATING_RULES } from './payout-body';
import { startSubscribers } from './subscribers';

/** The product, the simulator and Temporal as processes; every secret of theirs is a marker. */
export type Harness = Awaited<ReturnType<typeof openHarness>>;

const CODEC_ORIGIN = 'http://127.0.0.1:8233';

/** Starts everything, at the most talkative level. @throws with the log of what did not come up; everything started before is ended */
export async function openHarness(book: MarkerBook, metricsPort: number) {
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.toReversed()) await close();
  };
  let stack: Stack | null = null;
  const portOf = (name: 'simulator' | 'api') => (): number => stack?.addresses[name] ?? 0;
  const open = async (passage: Passage): Promise<string> => {
    const between = await openHttpProxy(passage);
    closing.push(between.close);
    return `http://127.0.0.1:${between.port}`;
  };
  const gateway = `${await open(createReplyPassage(book, portOf('simulator')))}/paynet`;
  const publicBaseUrl = await open(createCallbackPassage(book, portOf('api')));

  const dir = await mkdtemp(path.join(tmpdir(), 'payouts-leaks-'));
  closing.push(() => rm(dir, { recursive: true, force: true }));
  const subscribers = await startSubscribers(book, dir);
  closing.push(subscribers.stop);
  const traces = await startTraceReceiver();
  closing.push(traces.close);
  const older = book.code('older control key', { length: 36 });
  const all = plantKey(book, SCOPES);
  const expired = plantKey(book, SCOPES, '2020-01-01');
  const single = SCOPES.map((scope) => ({ scope, ...plantKey(book, [scope]) }));
  // Persons are shown to who reads what they asked for or approved; names of keys are not.
  const maker = plantSecret(
    book,
    createApiKey({ name: 'files', person: 'rita', scopes: 'payouts:write,payouts:read' }),
  );
  const approver = plantSecret(book, createApiKey({ name: 'second', person: 'anna', scopes: 'payouts:approve' }));
  const policies = path.join(dir, 'policies.json');
  await writeFile(policies, JSON.stringify({ rules: GATING_RULES }));
  let current = '';
  const product = {
    ...QUICK.api,
    ...traces.environment,
    LOG_LEVEL: 'trace',
    HASH_KEY: book.code('hash key', { length: 48 }),
    HASH_KEY_FILE: '',
    RECEIVER_LINK_KEYS: book.code('link key', { length: 48 }),
    RECEIVER_LINK_KEYS_FILE: '',
    PUBLIC_BASE_URL: publicBaseUrl,
    NOTIFICATIONS_FILE: subscribers.file,
    RECEIVER_RATE: '10000',
  };
  try {
    stack = await startStack({
      settings: { ...QUICK.settings },
      worker: { ...product, METRICS_ADDRESS: `127.0.0.1:${metricsPort}` },
      api: { ...product, CODEC_ORIGIN, POLICIES_FILE: policies },
      simulator: { SIMULATOR_PUBLIC_BASE_URL: gateway },
      temporalLogLevel: 'debug',
      callers: { entries: [all, expired, maker, approver, ...single].map(({ entry }) => entry), key: all.key },
      endpoints: ({ keys }) => {
        const { login, controlKeyFile, privateKeyFile } = keys;
        current = book.plant('control key', keys.controlKey);
        plantKeyFiles(book, { privateKeyFile, payloadKeysFile: keys.payloadKeysFile ?? '' });
        const extraFields = EXTRA_FIELDS.map((name) => ({ name }));
        const olderControlKeys = [older, book.code('oldest control key', { length: 36 })];
        const same = { endpointId: 1144, baseUrl: gateway, login, controlKeyFile, privateKeyFile, olderControlKeys };
        return [{ name: 'default', extraFields }, ...COLLECTING_ENDPOINTS].map((each) => ({ ...same, ...each }));
      },
    });
    closing.push(stack.stop);
    const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
    const keyOf = Object.fromEntries(single.map(({ scope, key }) => [scope, key])) as Record<Scope, string>;
    return {
      ...{ stack, subscribers, traces, metricsUrl, stop, controlKeys: { current, older } },
      /** API keys: with every scope, for each scope with this one alone, and one that expired. */
      ...{ key: all.key, keyOf, expiredKey: expired.key },
      gated: { maker: maker.key, approver: approver.key },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An API key whose name is a person's. */
function plantKey(book: MarkerBook, scopes: readonly Scope[], expires?: string) {
  const name = book.name('name of an API key', { kind: 'name of a key' });
  const made = createApiKey({ name, scopes: scopes.join(), ...(expires === undefined ? {} : { expires }) });
  return plantSecret(book, made);
}

function plantSecret(book: MarkerBook, made: ReturnType<typeof createApiKey>) {
  book.plant('API key', made.key);
  book.plant('hash of an API key', made.entry.hash.replace('sha256:', ''));
  return made;
}

function plantKeyFiles(book: MarkerBook, files: { privateKeyFile: string; payloadKeysFile: string }): void {
  const lines = readFileSync(files.privateKeyFile, 'utf8').trim().split('\n').slice(1, -1);
  for (const line of lines) if (line.length >= 16) book.plant('private key: a line', line);
  const base64 = readFileSync(files.payloadKeysFile, 'utf8').trim().split(':')[1] ?? '';
  book.plant('payload key', base64, { sought: [base64, Buffer.from(base64, 'base64').toString('hex')] });
}
