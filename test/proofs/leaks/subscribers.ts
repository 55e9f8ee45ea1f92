import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import path from 'node:path';
import { startChild } from '../../../scripts/child';
import { findFreePort } from '../../../scripts/ports';
import { projectRoot } from '../../../scripts/project';
import type { MarkerBook } from './marker';
import type { Written } from './places';

/** One request to a subscriber. */
export interface Notified {
  readonly name: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `takes` gets everything, the others a few ends only: what fails is tried again for three days. */
const NAMES = ['takes', 'fails', 'gone', 'moved', 'babbles'] as const;
const FEW = ['payout.declined', 'payout.cancelled'];
const STOP_GRACE_MS = 2_000;

/** Subscribers whose secrets, addresses and answers are markers, as a process. */
export async function startSubscribers(book: MarkerBook, dir: string) {
  const port = await findFreePort([]);
  const entries = NAMES.map((name) => {
    const [part, token] = ['part', 'token'].map((what) =>
      book.name(`${what} of the address of ${name}`, { kind: 'address of a subscriber' }),
    );
    const secretFile = path.join(dir, `${name}.secret`);
    writeFileSync(secretFile, `${plantSecret(book, name)}\n`, { mode: 0o600 });
    return {
      ...{ name, url: `http://127.0.0.1:${port}/${name}/${part}?token=${token}`, allowPrivateAddresses: true },
      ...{ secretFile, olderSecrets: [plantSecret(book, `${name}, older`)] },
      ...(name === 'takes' ? {} : { events: FEW }),
    };
  });
  const wordsOf = (name: string): string[] =>
    ['header', 'body', 'status', 'location'].map((what) =>
      book.name(`${what} of the answer of ${name}`, { kind: 'answer of a subscriber' }),
    );
  const words = Object.fromEntries(NAMES.map((name) => [name, wordsOf(name)]));
  const inDir = (name: string): string => path.join(dir, name);
  const [file, markers, notified] = [inDir('notifications.json'), inDir('answers.json'), inDir('received.jsonl')];
  writeFileSync(file, JSON.stringify(entries), { mode: 0o600 });
  writeFileSync(markers, JSON.stringify(words), { mode: 0o600 });
  const child = await startChild({
    ...{ name: 'subscriber', command: process.execPath, cwd: projectRoot, env: { PATH: process.env.PATH } },
    args: ['--import', 'tsx', path.join(__dirname, 'subscriber.ts'), String(port), notified, markers],
    log: path.join(dir, 'subscriber.log'),
  });
  return {
    /** For `NOTIFICATIONS_FILE`. */
    file,
    /** What they got, each request by itself. */
    read: () => readTold(notified),
    stop: async () => void (await child.stop(STOP_GRACE_MS)),
  };
}

function plantSecret(book: MarkerBook, of: string): string {
  const key = randomBytes(32);
  const base64 = key.toString('base64');
  book.plant(`secret of ${of}`, base64, { kind: 'secret of a subscriber', sought: [base64, key.toString('hex')] });
  return `whsec_${base64}`;
}

function readTold(file: string): Written[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  return lines.map((line) => {
    const { name, body } = JSON.parse(line) as Notified;
    const of = (JSON.parse(body) as { data?: { clientOrderId?: string } }).data?.clientOrderId ?? null;
    const where = NAMES.find((known) => known === name) ?? 'an address that a redirect named';
    return { place: 'notifications', name: where, bytes: Buffer.from(line), audience: 'subscriber', of };
  });
}
