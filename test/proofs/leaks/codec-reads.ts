import { randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { withClient } from '../../support/temporal-client';
import { bodyOf, type Caller, json } from './caller';
import type { Harness } from './harness';
import type { MarkerBook } from './marker';

interface Wire {
  readonly metadata: Readonly<Record<string, string>>;
  readonly data: string;
}

/** Has the payloads of payouts opened, as Temporal's interface does, with a key and with a session; then asks for what is refused. */
export async function readPayloads(
  book: MarkerBook,
  { caller, harness, ids }: { caller: Caller; harness: Harness; ids: readonly string[] },
) {
  const { stack, keyOf, expiredKey } = harness;
  const { namespace } = stack;
  const asReader = { 'x-namespace': namespace, authorization: `Bearer ${keyOf.codec}` };
  /** Payloads that came back in clear, and as they went. */
  let [decoded, undecoded] = [0, 0];
  const decode = async (
    about: string,
    payloads: readonly Wire[],
    headers: Readonly<Record<string, string>> = asReader,
  ) => {
    const asking = { ...json({ payloads }, headers), about, isKeyless: true };
    const answer = await caller.send('decode', '/codec/decode', asking);
    if (answer.status !== 200) return;
    const back = bodyOf<{ payloads: Wire[] }>(answer).payloads;
    const same = back.filter(({ data }, nth) => data === payloads[nth]?.data).length;
    undecoded += same;
    decoded += back.length - same;
  };
  const session = await openSession(book, caller, keyOf.codec);
  const sealed = await readSealed(stack, ids);
  for (const [id, payloads] of sealed) await decode(id, payloads);
  const [[id = '', some = []] = []] = sealed;
  await decode(id, some, { 'x-namespace': namespace, cookie: session });
  const answerTo = { kind: "reader's own payload", of: id } as const;
  const note = JSON.stringify({ note: book.words('unsealed payload', answerTo) });
  await decode(id, [{ metadata: { encoding: inBase64('json/plain') }, data: inBase64(note) }]);
  const unopened = (field: string) => book.name(field, { kind: 'payload that cannot be opened' });
  const [first] = some;
  for (const value of [
    { ...first, data: randomBytes(64).toString('base64') },
    { ...first, metadata: { ...first?.metadata, key: inBase64(book.name('codec: key id', answerTo)) } },
  ])
    await decode(id, [value as Wire]);
  const other = { 'x-namespace': unopened('codec: namespace') };
  await decode(id, some.slice(0, 1), { ...asReader, ...other });
  const broken = { payloads: unopened('codec: payloads that are none'), [unopened('codec: field')]: 1 };
  await caller.send('codec', '/codec/decode', json(broken, asReader));
  for (const key of [keyOf['payouts:read'], expiredKey]) {
    await decode(id, some, { ...asReader, authorization: `Bearer ${key}` });
    await openSession(book, caller, key);
  }
  return { decoded, undecoded };
}

/** Signs in as a browser does. @returns the cookie */
async function openSession(book: MarkerBook, caller: Caller, key: string): Promise<string> {
  const form = new URLSearchParams({ act: 'enter', key });
  const { status, text } = await caller.send('sign in', '/codec', { method: 'POST', body: form });
  const [cookie = '', name = ''] = /payout_codec=([A-Za-z0-9_-]{43})/.exec(text) ?? [];
  if (status !== 303) return '';
  book.plant('name of a session', name, { kind: 'session for reading payloads' });
  await caller.send('signed in', '/codec', { headers: { cookie } });
  return cookie;
}

/** Every sealed payload of these payouts' histories, in JSON as the interface sends it. */
function readSealed(stack: Harness['stack'], ids: readonly string[]): Promise<(readonly [string, Wire[]])[]> {
  return withClient(stack, ({ workflow }) =>
    Promise.all(
      ids.map(
        async (id) => [id, findPayloads(await workflow.getHandle(`payout:${id}`).fetchHistory()).map(toWire)] as const,
      ),
    ),
  );
}

function findPayloads(value: unknown): Payload[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array) return [value as Payload];
  return Object.values(value).flatMap(findPayloads);
}

const inBase64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');

function toWire({ metadata, data }: Payload): Wire {
  const texts = Object.entries(metadata ?? {}).map(([name, bytes]) => [name, inBase64(bytes)]);
  return { metadata: Object.fromEntries(texts) as Record<string, string>, data: inBase64(data ?? '') };
}
