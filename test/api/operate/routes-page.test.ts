import { readdirSync } from 'node:fs';
import path from 'node:path';
import { QUEUE_ATTENTIONS } from '../../../src/api/payouts/list-routes';
import { readWeb } from '../../../src/api/plugins/assets';
import { FINAL_STATES } from '../../../src/domain/payout';
import { LISTED_STATES } from '../../../src/store/list-filter';
import { countCalls, makeCaller, shareApp } from '../app-harness';

const SCRIPTS = readdirSync(path.join(__dirname, '../../../web/operate')).filter((name) => name.endsWith('.js'));
const FILES = ['.', 'operate.js', 'base.css', 'operate.css', 'cards.css', 'icon.svg', 'words.json'];
const page = readWeb('operate/index.html');
const script = SCRIPTS.map((name) => readWeb(`operate/${name}`)).join('\n');

const share = shareApp();
const access = { apiKeys: [makeCaller('a', ['payouts:read']).apiKey] };
async function get(url: string) {
  const { app, store } = await share({ access });
  return { response: await app.inject(url), store };
}

it.each(FILES)('%s is for everyone, asks Temporal nothing, and may do nothing but talk to the API', async (name) => {
  const { response, store } = await get(name === '.' ? '/operate' : `/operate/${name}`);
  expect(response.statusCode).toBe(200);
  expect(countCalls(store)).toBe(0);
  expect(response.headers['set-cookie']).toBeUndefined();
  expect(response.headers['x-content-type-options']).toBe('nosniff');
  expect(response.headers['cache-control']).toBe('no-cache');
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

it.each(['', 'texts.json', 'index.html', 'package.json', '../receiver/receiver.js', '..%2freceiver%2freceiver.js'])(
  'nothing else is served: %j',
  async (name) => {
    expect((await get(`/operate/${name}`)).response.statusCode).toBe(404);
  },
);

it('a page of the runbook is text, and there is one for everything in the queue', async () => {
  // What waits for approvals has a part of the page for itself.
  for (const name of QUEUE_ATTENTIONS.filter((each) => each !== 'awaiting_approval')) {
    const { response } = await get(`/operate/runbook/${name}`);
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(response.body).toMatch(new RegExp(`^# ${name}\\n`));
  }
  for (const name of ['none', 'README', '..%2fREADME', '__proto__'])
    expect((await get(`/operate/runbook/${name}`)).response.statusCode).toBe(404);
});

it('the page holds no script, no style, no handler and no address of another place', async () => {
  const { body } = (await get('/operate')).response;
  expect(body).toBe(page);
  expect(body.match(/<script[^>]*>.*/g)).toEqual(['<script type="module" src="operate/operate.js"></script>']);
  expect(body).not.toMatch(/<style|\sstyle=|\son\w+=|https?:\/\//);
});

describe('the scripts', () => {
  it('never make markup of a text, and keep the key in clear in no place but the tab', () => {
    expect(script).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|localStorage|cookie/,
    );
  });

  it('import nothing that is not served', async () => {
    const imported = [...script.matchAll(/^(?:import|\} from) (?:.* from )?'([^']+)';/gm)].map(([, name]) => name);
    expect(imported.length).toBeGreaterThan(10);
    for (const name of new Set(imported)) {
      expect(name).toMatch(/^\.\/[a-z-]+\.js$/);
      expect((await get(`/operate/${name?.slice(2)}`)).response.headers['content-type']).toMatch(
        /^application\/javascript/,
      );
    }
  });

  it('name no element that is not there', () => {
    const named = [...script.matchAll(/byId\('([\w-]+)'/g)].map(([, id]) => `id="${id}"`);
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((id) => !page.includes(id))).toEqual([]);
  });
});

describe('the words', () => {
  const read = async () => (await get('/operate/words.json')).response.json<Record<string, string[]>>();

  it('find every open payout behind its number', async () => {
    const { openStates = [], listedStates } = await read();
    expect(listedStates).toEqual([...LISTED_STATES]);
    expect([...openStates, ...FINAL_STATES].sort()).toEqual([...LISTED_STATES].sort());
  });

  it('explain every reason', async () => {
    const { attentions = {} } = await read();
    expect(Object.keys(attentions).sort()).toEqual([...QUEUE_ATTENTIONS].sort());
  });
});
