import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload, type SerializationContext } from '@temporalio/common';
import fc from 'fast-check';
import { createPayloadCodec, openCodecServer } from '../../src/temporal/payload-codec';
import { readPayloadKeys } from '../../src/temporal/payload-keys';
import { REQUEST } from '../domain/samples';

const makeEntry = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const [k1, k2, k3] = [makeEntry('k1'), makeEntry('k2'), makeEntry('k3')];
const codecOf = (...entries: string[]) => createPayloadCodec(readPayloadKeys(entries.join('\n')));

const OURS: SerializationContext = { type: 'workflow', namespace: 'payouts', workflowId: 'payout:PO-000001' };
const PLAIN = defaultPayloadConverter.toPayload(REQUEST);
const bytes = fc.uint8Array({ maxLength: 300 });
const payload = fc.record({
  metadata: fc.dictionary(fc.oneof(fc.constantFrom('encoding', '__proto__'), fc.string({ unit: 'binary' })), bytes),
  data: bytes,
});

/** A payload as plain values, whatever class its bytes are of. */
const shown = ({ metadata, data }: Payload) => ({
  metadata: Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('hex')]),
  data: Buffer.from(data ?? []).toString('hex'),
});

async function seal(codec = codecOf(k1), context: SerializationContext = OURS): Promise<Payload> {
  const [sealed] = await codec.encode([PLAIN], context);
  if (sealed === undefined) throw new Error('nothing was sealed');
  return sealed;
}

describe('what is sealed', () => {
  it('is opened again as it was, whatever it was', async () => {
    const codec = codecOf(k1);
    await fc.assert(
      fc.asyncProperty(fc.array(payload, { maxLength: 3 }), async (payloads) => {
        const opened = await codec.decode(await codec.encode(payloads, OURS), OURS);
        expect(opened.map(shown)).toEqual(payloads.map(shown));
      }),
      { numRuns: 300 },
    );
  });

  it('shows the key’s id, the owner, and nothing else', async () => {
    const { metadata, data } = await seal();
    const notified = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString()]);
    expect(notified).toEqual([
      ['encoding', 'binary/encrypted'],
      ['key', 'k1'],
      ['owner', '["payouts","payout:PO-000001"]'],
    ]);
    for (const clear of ['json/plain', 'accountNumber', 'encoding'])
      expect(Buffer.from(data ?? []).includes(clear)).toBe(false);
    expect(data?.length).toBeLessThan(PLAIN?.data?.length ?? 0);
  });

  it('has an IV of its own ten thousand times', async () => {
    const codec = codecOf(k1);
    const sealed = await codec.encode(
      Array.from({ length: 10_000 }, () => PLAIN),
      OURS,
    );
    const ivs = new Set(sealed.map(({ data }) => Buffer.from(data ?? []).toString('hex', 0, 12)));
    expect(ivs.size).toBe(10_000);
  });

  it('is an activity’s and its workflow’s alike', async () => {
    const activity = {
      type: 'activity',
      namespace: 'payouts',
      workflowId: 'payout:PO-000001',
      isLocal: false,
    } as const;
    const codec = codecOf(k1);
    expect((await codec.decode([await seal(codec)], activity)).map(shown)).toEqual([shown(PLAIN)]);
    expect((await codec.decode([await seal(codec, activity)], OURS)).map(shown)).toEqual([shown(PLAIN)]);
  });

  it('is opened without a context too, by its own authentic owner', async () => {
    expect((await codecOf(k1).decode([await seal()])).map(shown)).toEqual([shown(PLAIN)]);
  });
});

describe('refused is', () => {
  it('every change of a byte, in the data and in the metadata, with and without a context', async () => {
    const codec = codecOf(k1);
    const sealed = await seal(codec);
    let refused = 0;
    for (const [name, value] of [['data', sealed.data], ...Object.entries(sealed.metadata ?? {})] as const) {
      for (let at = 0; at < (value?.length ?? 0); at += 1) {
        const changed = Uint8Array.from(value ?? []);
        changed[at] = (changed[at] ?? 0) ^ (1 + (at % 255));
        const metadata = name === 'data' ? sealed.metadata : { ...sealed.metadata, [name]: changed };
        const tampered = { metadata, data: name === 'data' ? changed : sealed.data } as Payload;
        await expect(codec.decode([tampered], OURS)).rejects.toMatchObject({ name: 'PayloadRefused' });
        await expect(codec.decode([tampered])).rejects.toMatchObject({ name: 'PayloadRefused' });
        refused += 1;
      }
    }
    expect(refused).toBe((sealed.data?.length ?? 0) + 16 + 2 + 30);
  });

  it.each([0, 1, 11, 12, 15, 16, 27, 28])('data of %i bytes', async (length) => {
    const { metadata } = await seal();
    const data = new Uint8Array(length);
    await expect(codecOf(k1).decode([{ metadata, data } as Payload])).rejects.toThrow(
      'an encrypted payload is damaged',
    );
  });

  it.each<[string, SerializationContext]>([
    ['another workflow', { ...OURS, workflowId: 'payout:PO-000002' }],
    ['another namespace', { ...OURS, namespace: 'other' }],
    [
      'an activity of another workflow',
      { type: 'activity', namespace: 'payouts', workflowId: 'payout:x', isLocal: true },
    ],
  ])('what was moved to %s', async (_where, context) => {
    await expect(codecOf(k1).decode([await seal()], context)).rejects.toThrow('a payload belongs to another workflow');
  });

  it('an owner whose name was rewritten to where it was moved', async () => {
    const sealed = await seal();
    const owner = Buffer.from('["payouts","payout:PO-000002"]');
    const moved = { ...sealed, metadata: { ...sealed.metadata, owner: owner } };
    const there = { ...OURS, workflowId: 'payout:PO-000002' };
    await expect(codecOf(k1).decode([moved], there)).rejects.toThrow('is damaged');
    await expect(codecOf(k1).decode([moved])).rejects.toThrow('is damaged');
  });

  it('an unknown key, by its id', async () => {
    await expect(codecOf(k2).decode([await seal()], OURS)).rejects.toThrow('the payload key k1 is not among the keys');
  });

  it('another key of the same id, and another id of the same key', async () => {
    const sealed = await seal();
    await expect(codecOf(makeEntry('k1')).decode([sealed], OURS)).rejects.toThrow('its key has another value');
    const renamed = { ...sealed, metadata: { ...sealed.metadata, key: Buffer.from('k9') } };
    await expect(codecOf(k1, k1.replace('k1:', 'k9:')).decode([renamed], OURS)).rejects.toThrow('is damaged');
  });

  it.each<[string, Payload]>([
    ['plain JSON', PLAIN],
    ['null', defaultPayloadConverter.toPayload(null)],
    ['nothing', {}],
    ['another encryption', { metadata: { encoding: Buffer.from('binary/encrypted2') }, data: PLAIN?.data ?? null }],
  ])('what is not encrypted: %s', async (_what, plain) => {
    await expect(codecOf(k1).decode([plain], OURS)).rejects.toThrow('a payload is not encrypted');
    await expect(codecOf(k1).decode([plain])).rejects.toThrow('a payload is not encrypted');
  });

  it('a key id that is none, without repeating it', async () => {
    const sealed = await seal();
    const named = { ...sealed, metadata: { ...sealed.metadata, key: Buffer.from('DE89 3704') } };
    await expect(codecOf(k1).decode([named])).rejects.toThrow(/^an encrypted payload names no key$/);
  });

  it.each<[string, SerializationContext | undefined]>([
    ['no context', undefined],
    ['an activity of no workflow', { type: 'activity', namespace: 'payouts', isLocal: false }],
    ['no namespace', { ...OURS, namespace: '' }],
  ])('to seal with %s', async (_what, context) => {
    await expect(codecOf(k1).encode([PLAIN], context)).rejects.toMatchObject({
      name: 'Error',
      message: 'expected an owner to seal a payload to',
    });
    expect(await codecOf(k1).encode([], context)).toEqual([]);
  });

  it('to open for an activity of no workflow', async () => {
    const nobodys = { type: 'activity', namespace: 'payouts', isLocal: false } as const;
    await expect(codecOf(k1).decode([await seal()], nobodys)).rejects.toThrow('without an owner is not opened');
  });

  it('a payload that is stored elsewhere', async () => {
    const elsewhere = { ...PLAIN, externalPayloads: [{}] } as Payload;
    await expect(codecOf(k1).encode([elsewhere], OURS)).rejects.toThrow(
      'expected a payload that is not stored elsewhere',
    );
  });
});

describe('several keys', () => {
  it('the first seals, all of them open', async () => {
    const old = await seal(codecOf(k1));
    const both = codecOf(k2, k1);
    const [fresh] = await both.encode([PLAIN], OURS);
    expect(Buffer.from(fresh?.metadata?.key ?? []).toString()).toBe('k2');
    expect((await both.decode([old, fresh ?? {}], OURS)).map(shown)).toEqual([shown(PLAIN), shown(PLAIN)]);
    await expect(codecOf(k3, k2).decode([old], OURS)).rejects.toThrow('the payload key k1 is not among the keys');
  });
});

const payloadKeys = readPayloadKeys(`k1:${Buffer.alloc(32, 1).toString('base64')}`);
const codecOrigin = 'http://127.0.0.1:8233';

test('a codec server is there with payload keys and an origin, and with neither alone', () => {
  expect(openCodecServer({ payloadKeys, codecOrigin }, 'payouts')).toMatchObject({
    origin: codecOrigin,
    namespace: 'payouts',
  });
  expect(openCodecServer({ payloadKeys, codecOrigin: null }, 'payouts')).toBeNull();
  expect(openCodecServer({ payloadKeys: null, codecOrigin }, 'payouts')).toBeNull();
});
