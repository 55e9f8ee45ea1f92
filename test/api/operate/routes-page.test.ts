import { Script } from 'node:vm';
import { LASTING_ATTENTIONS, PASSING_ATTENTIONS } from '../../../src/domain/payout';
import { WAITING_STATES } from '../../../src/store/listed-payout';
import { documentNamed, sectionOf } from '../../docs/documents';
import { countCalls, makeApp, makeCaller } from '../app-harness';

const FILES = ['/operate', '/operate/operate.js', '/operate/operate.css', '/operate/icon.svg'];

async function get(url: string) {
  const { app, store } = await makeApp({ access: { apiKeys: [makeCaller('a', ['payouts:read']).apiKey] } });
  return { response: await app.inject(url), store };
}

it.each(FILES)('%s is for everybody, asks Temporal nothing, and may do nothing but talk to the API', async (url) => {
  const { response, store } = await get(url);
  expect(response.statusCode).toBe(200);
  expect(countCalls(store)).toBe(0);
  expect(response.headers['set-cookie']).toBeUndefined();
  expect(response.headers['x-content-type-options']).toBe('nosniff');
  expect(String(response.headers['content-security-policy']).split('; ').sort()).toEqual([
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "img-src 'self'",
    "require-trusted-types-for 'script'",
    "script-src 'self'",
    "style-src 'self'",
    "trusted-types 'none'",
  ]);
});

it('the page holds no script, no style, no handler and no address of another place', async () => {
  const { body } = (await get('/operate')).response;
  expect(body.match(/<script[^>]*>/g)).toEqual(['<script src="operate/operate.js" defer>']);
  expect(body).toContain('<script src="operate/operate.js" defer></script>');
  expect(body).not.toMatch(/<style|\sstyle=|\son\w+=|https?:\/\//);
});

describe('the script', () => {
  const read = async () => (await get('/operate/operate.js')).response.body;

  it('is one, and never makes markup of a text', async () => {
    const script = await read();
    expect(() => new Script(script)).not.toThrow();
    expect(script).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|localStorage|cookie/,
    );
  });

  it('finds every open payout behind its number', async () => {
    const [, states = ''] =
      /'state=([a-z_,]+needs_review[a-z_,]*)'\)/.exec((await read()).replace(/.*'in review'.*\n/, '')) ?? [];
    expect(states.split(',').sort()).toEqual(['open', ...WAITING_STATES].sort());
  });

  it('names no element that is not there', async () => {
    const { body } = (await get('/operate')).response;
    const named = [...(await read()).matchAll(/byId\('([\w-]+)'\)/g)].map(([, id]) => `id="${id}"`);
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((id) => !body.includes(id))).toEqual([]);
  });

  it.each([...new Set([...PASSING_ATTENTIONS, ...LASTING_ATTENTIONS])])(
    'explains %s, as the runbook does',
    async (reason) => {
      expect(await read()).toContain(`"${reason}":{"means"`);
      expect(sectionOf(documentNamed('docs/operating.md').text, 'Attention')).toContain(`| \`${reason}\``);
    },
  );
});
