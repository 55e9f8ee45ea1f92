import { defaultPayloadConverter } from '@temporalio/common';
import { decodePage } from '../../../src/api/codec/decode-page';
import { REQUEST } from '../../domain/samples';
import { CODEC, NAMESPACE, OTHER_CODEC, readValue, sealValue, toWirePayload } from './sealed';

const decode = (...payloads: Parameters<typeof decodePage>[0]) =>
  decodePage(payloads, { codec: CODEC, namespace: NAMESPACE, sees: async () => true });

describe('a page of payloads', () => {
  test('is opened in its order, masked, with the workflows it belongs to', async () => {
    const page = await decode(
      await sealValue(REQUEST),
      await sealValue('asking every 10 min', { workflowId: 'payout:PO-000002' }),
      await sealValue(undefined),
    );
    expect(page.payloads[0]?.metadata).toEqual({ encoding: Buffer.from('json/plain').toString('base64') });
    expect(readValue(page.payloads[0] ?? {})).toMatchObject({ amount: REQUEST.amount, receiver: REQUEST.receiver });
    expect(readValue(page.payloads[0] ?? {})).toMatchObject({ destination: { accountNumber: '••••3000' } });
    expect(readValue(page.payloads[1] ?? {})).toBe('asking every 10 min');
    expect(page.payloads[2]?.metadata).toEqual({ encoding: Buffer.from('binary/null').toString('base64') });
    expect(page).toMatchObject({ opened: 3, refused: 0, workflowIds: ['payout:PO-000001', 'payout:PO-000002'] });
  });

  test('of another namespace is not opened', async () => {
    const foreign = await sealValue(REQUEST, { namespace: 'others' });
    expect(await decode(foreign)).toEqual({ payloads: [foreign], workflowIds: [], opened: 0, refused: 1 });
  });

  test('what cannot be opened goes back as it came, and does not fail the others', async () => {
    const good = await sealValue('good');
    const metadata = { ...good.metadata };
    const key = { ...good, metadata: { ...metadata, key: Buffer.from('k9').toString('base64') } };
    const owner = Buffer.from(JSON.stringify([NAMESPACE, 'payout:PO-000009']));
    const bad = [
      await sealValue('other key', { codec: OTHER_CODEC }),
      key,
      { ...good, metadata: { ...metadata, owner: owner.toString('base64') } },
      { ...good, data: Buffer.from('x').toString('base64') },
      { metadata: { encoding: metadata.encoding ?? '' }, more: 'kept' },
    ];
    const page = await decode(...bad, good);
    expect(page.payloads.slice(0, bad.length)).toEqual(bad);
    expect(readValue(page.payloads.at(-1) ?? {})).toBe('good');
    expect(page).toMatchObject({ opened: 1, refused: bad.length, workflowIds: ['payout:PO-000001'] });
  });

  test('what was never sealed goes back as it came, and is not counted', async () => {
    const plain = [toWirePayload(defaultPayloadConverter.toPayload('open')), {}, { metadata: null, data: null }];
    expect(await decode(...plain)).toEqual({ payloads: plain, workflowIds: [], opened: 0, refused: 0 });
  });
});
