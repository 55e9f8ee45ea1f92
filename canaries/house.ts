import { readFileSync } from 'node:fs';
import { openHttpBetween, type Passage } from '../chaos/http-between';
import { createApiKey } from '../scripts/api-key';
import { SCOPES } from '../src/api-keys';
import { QUICK } from '../test/e2e/quick';
import { type Stack, startStack } from '../test/e2e/stack';
import type { MarkerBook } from './marker';
import { createCallbackPassage, createReplyPassage } from './passage';
import { EXTRA_FIELDS } from './payout-body';

/** The product, the simulator and Temporal as processes; every secret of theirs is a marker. */
export interface House {
  readonly stack: Stack;
  /** An API key with every scope. */
  readonly key: string;
  readonly controlKeys: { readonly current: string; readonly older: string };
  readonly metricsUrl: string;
  readonly stop: () => Promise<void>;
}

const CODEC_ORIGIN = 'http://127.0.0.1:8233';

/** Starts everything, at the most talkative level. @throws with the log of what did not come up; everything started before is ended */
export async function openHouse(book: MarkerBook, metricsPort: number): Promise<House> {
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.toReversed()) await close();
  };
  let stack: Stack | null = null;
  const portOf = (name: 'simulator' | 'api') => (): number => stack?.addresses[name] ?? 0;
  const open = async (passage: Passage): Promise<string> => {
    const between = await openHttpBetween(passage);
    closing.push(between.close);
    return `http://127.0.0.1:${between.port}`;
  };
  const gateway = `${await open(createReplyPassage(book, portOf('simulator')))}/paynet`;
  const publicBaseUrl = await open(createCallbackPassage(book, portOf('api')));

  const older = book.code('older control key', 36);
  const all = createApiKey({ name: 'all', scopes: SCOPES.join() });
  const expired = createApiKey({ name: 'expired', scopes: SCOPES.join(), expires: '2020-01-01' });
  for (const { key, entry } of [all, expired]) {
    book.plant('API key', key);
    book.plant('hash of an API key', entry.hash.replace('sha256:', ''));
  }
  let current = '';
  const product = {
    ...QUICK.api,
    LOG_LEVEL: 'trace',
    HASH_KEY: book.code('hash key', 48),
    PUBLIC_BASE_URL: publicBaseUrl,
  };
  try {
    stack = await startStack({
      settings: { ...QUICK.settings },
      worker: { ...product, METRICS_ADDRESS: `127.0.0.1:${metricsPort}` },
      api: { ...product, CODEC_ORIGIN },
      simulator: { SIMULATOR_PUBLIC_BASE_URL: gateway },
      temporalLogLevel: 'debug',
      callers: { entries: [all.entry, expired.entry], key: all.key },
      endpoints: ({ keys }) => {
        const { login, controlKeyFile, privateKeyFile } = keys;
        current = book.plant('control key', keys.controlKey);
        plantKeyFiles(book, { privateKeyFile, payloadKeysFile: keys.payloadKeysFile ?? '' });
        const extraFields = EXTRA_FIELDS.map((name) => ({ name }));
        const files = {
          controlKeyFile,
          privateKeyFile,
          olderControlKeys: [older, book.code('oldest control key', 36)],
        };
        return [{ name: 'default', endpointId: 1144, baseUrl: gateway, login, ...files, extraFields }];
      },
    });
    closing.push(stack.stop);
    const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
    return { stack, key: all.key, controlKeys: { current, older }, metricsUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function plantKeyFiles(book: MarkerBook, files: { privateKeyFile: string; payloadKeysFile: string }): void {
  const lines = readFileSync(files.privateKeyFile, 'utf8').trim().split('\n').slice(1, -1);
  for (const line of lines) if (line.length >= 16) book.plant('private key: a line', line);
  const base64 = readFileSync(files.payloadKeysFile, 'utf8').trim().split(':')[1] ?? '';
  book.plant('payload key', base64, { sought: [base64, Buffer.from(base64, 'base64').toString('hex')] });
}
