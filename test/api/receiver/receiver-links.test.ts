import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { areLinksOver, createReceiverLinks } from '../../../src/api/receiver/receiver-links';
import { toClientOrderId } from '../../../src/domain/ids';
import { makePayout, START_MS } from '../../domain/samples';

const BASE = 'https://cp.example.org';
const links = createReceiverLinks({ receiverLinkKeys: ['k'.repeat(32)], publicBaseUrl: BASE });
const DAY_MS = 86_400_000;
const tokenOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);
const TOKEN = tokenOf(links.pageOf(makePayout()));

describe('a link', () => {
  it('is read as the payout it was made for, until 30 days after it was accepted', () => {
    expect(links.read(TOKEN, START_MS)).toEqual({ kind: 'valid', clientOrderId: 'PO-000001' });
    expect(links.read(TOKEN, START_MS + 30 * DAY_MS - 1).kind).toBe('valid');
    expect(links.read(TOKEN, START_MS + 30 * DAY_MS)).toEqual({ kind: 'expired', clientOrderId: 'PO-000001' });
  });

  it('is the same for as long as the payout is', () => {
    const later = makePayout({ state: 'approved', updatedAtMs: START_MS + DAY_MS });
    expect(links.pageOf(later)).toBe(`${BASE}/r/${TOKEN}`);
  });

  it('holds for every id there may be', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,127}$/), (id) => {
        const payout = makePayout({ clientOrderId: toClientOrderId(id) });
        const token = tokenOf(links.pageOf(payout));
        expect(token.length).toBeLessThanOrEqual(200);
        expect(links.read(token, START_MS)).toEqual({ kind: 'valid', clientOrderId: id });
      }),
    );
  });

  it('of another key is unknown', () => {
    const others = createReceiverLinks({ receiverLinkKeys: ['j'.repeat(32)], publicBaseUrl: BASE });
    expect(others.read(TOKEN, START_MS)).toEqual({ kind: 'unknown' });
  });
});

describe('an altered token', () => {
  it('is unknown whichever of its characters is another one, and says nothing of expiry', () => {
    const others = 'AZaz09._-~';
    for (let at = 0; at < TOKEN.length; at += 1) {
      for (const other of others) {
        const altered = TOKEN.slice(0, at) + other + TOKEN.slice(at + 1);
        if (altered === TOKEN) continue;
        expect({ altered, ...links.read(altered, START_MS + 90 * DAY_MS) }).toEqual({ altered, kind: 'unknown' });
      }
    }
  });

  it('cannot be made to last longer', () => {
    const [id = '', expiry = '', mac = ''] = TOKEN.split('~');
    const longer = (Number.parseInt(expiry, 36) + 1_000_000).toString(36);
    expect(links.read([id, longer, mac].join('~'), START_MS)).toEqual({ kind: 'unknown' });
    expect(links.read([id, `0${expiry}`, mac].join('~'), START_MS)).toEqual({ kind: 'unknown' });
  });

  it.each(['', '~', '~~', 'PO-000001', `${TOKEN}~`, ` ${TOKEN}`, `${TOKEN}\n`, TOKEN.repeat(3), 'PO-000001~~', '%00'])(
    '%j is unknown',
    (token) => {
      expect(links.read(token, START_MS)).toEqual({ kind: 'unknown' });
    },
  );

  it('is not guessed in 100,000 tries', () => {
    const [id, expiry] = TOKEN.split('~');
    let hits = 0;
    for (let guess = 0; guess < 100_000; guess += 1) {
      const token = `${id}~${expiry}~${randomBytes(16).toString('base64url')}`;
      if (links.read(token, START_MS).kind !== 'unknown') hits += 1;
    }
    expect(hits).toBe(0);
  });
});

describe('several keys', () => {
  const [older, newer] = ['k'.repeat(32), 'm'.repeat(32)];
  const rotated = createReceiverLinks({ receiverLinkKeys: [newer, older], publicBaseUrl: BASE });

  it('the first makes links, all of them open, and a link ends with its key', () => {
    const made = rotated.pageOf(makePayout()).slice(`${BASE}/r/`.length);
    expect(made).not.toBe(TOKEN);
    expect([made, TOKEN].map((token) => rotated.read(token, START_MS).kind)).toEqual(['valid', 'valid']);
    const after = createReceiverLinks({ receiverLinkKeys: [newer], publicBaseUrl: BASE });
    expect([made, TOKEN].map((token) => after.read(token, START_MS).kind)).toEqual(['valid', 'unknown']);
    expect([made, TOKEN].map((token) => links.read(token, START_MS).kind)).toEqual(['unknown', 'valid']);
  });

  it('are at least one', () => {
    expect(() => createReceiverLinks({ receiverLinkKeys: [], publicBaseUrl: BASE })).toThrow(RangeError);
  });
});

describe('links of a payout are over, whatever time is in them,', () => {
  it('30 days after it was accepted, or after the time to enter details', () => {
    const open = makePayout();
    expect([-1, 0].map((ms) => areLinksOver(open, START_MS + 30 * DAY_MS + ms))).toEqual([false, true]);
    const asking = makePayout({ collecting: { untilMs: START_MS + 7 * DAY_MS, gotAtMs: null } });
    expect([-1, 0].map((ms) => areLinksOver(asking, START_MS + 37 * DAY_MS + ms))).toEqual([false, true]);
  });

  it('seven days after its end, if that is sooner', () => {
    const ended = makePayout({ settledAtMs: START_MS + DAY_MS });
    expect([-1, 0].map((ms) => areLinksOver(ended, START_MS + 8 * DAY_MS + ms))).toEqual([false, true]);
    const late = makePayout({ settledAtMs: START_MS + 29 * DAY_MS });
    expect(areLinksOver(late, START_MS + 30 * DAY_MS)).toBe(true);
  });
});

describe('the address of the final redirect', () => {
  it('is the page’s own when the gateway’s field takes it', () => {
    const url = links.returnOf(makePayout());
    expect(url).toBe(`${BASE}/r/${TOKEN}/return`);
    expect(url.length).toBeLessThanOrEqual(128);
  });

  it('is the page that names no payout when it would be too long by one character', () => {
    const room = 128 - links.returnOf(makePayout()).length;
    const withId = (length: number) =>
      links.returnOf(makePayout({ clientOrderId: toClientOrderId('P'.repeat(length)) }));
    expect(withId('PO-000001'.length + room)).toHaveLength(128);
    expect(withId('PO-000001'.length + room + 1)).toBe(`${BASE}/r/return`);
  });
});
