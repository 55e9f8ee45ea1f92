import { describeProblem, PROBLEM_CODES, PROBLEMS } from '../../../src/api/plugins/problems';
import { makeApp, makeCaller, PUBLIC_BASE_URL } from '../app-harness';

it('the type of every error leads to a page that explains it', async () => {
  const { app } = await makeApp({});
  const index = await app.inject('/problems');
  for (const code of PROBLEM_CODES) {
    const { type } = JSON.parse(describeProblem(PUBLIC_BASE_URL, code)) as { type: string };
    expect(type.startsWith(`${PUBLIC_BASE_URL}/`)).toBe(true);
    const page = await app.inject(type.slice(PUBLIC_BASE_URL.length));
    expect({ code, status: page.statusCode }).toEqual({ code, status: 200 });
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.body).toContain(`<h1>${PROBLEMS[code].title}</h1>`);
    expect(index.body).toContain(`href="${type}"`);
  }
  for (const name of ['nothing', 'toString', '__proto__']) {
    expect((await app.inject(`/problems/${name}`)).statusCode).toBe(404);
  }
});

it('every error says in a sentence what is wrong: that of its kind, or the fields', () => {
  const details = PROBLEM_CODES.map((code) => PROBLEMS[code].detail);
  expect(new Set(details).size).toBe(PROBLEM_CODES.length);
  const errors = [
    { field: 'amount', expected: 'a decimal string' },
    { field: 'currency', expected: 'a code' },
  ];
  expect(JSON.parse(describeProblem(PUBLIC_BASE_URL, 'invalid_request', errors)).detail).toBe(
    'amount: expected a decimal string; currency: expected a code',
  );
});

it('the start page leads to pages that are there, and to Temporal only on a machine of its own', async () => {
  const codec = { origin: 'http://127.0.0.1:8233', namespace: 'default', codec: {} as never };
  const { app } = await makeApp({ codec });
  const page = (await app.inject('/')).body;
  const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href);
  expect(links).toContain('http://127.0.0.1:8233');
  const ours = links
    .filter((href) => href.startsWith(PUBLIC_BASE_URL))
    .map((href) => href.slice(PUBLIC_BASE_URL.length));
  expect(ours).toEqual(expect.arrayContaining(['/docs', '/openapi.json', '/operate', '/problems', '/health/ready']));
  for (const url of ours) expect({ url, status: (await app.inject(url)).statusCode }).toEqual({ url, status: 200 });

  const { apiKey } = makeCaller('shop', ['payouts:read']);
  const elsewhere = await makeApp({ codec, access: { apiKeys: [apiKey] } });
  expect((await elsewhere.app.inject('/')).body).not.toContain('8233');
});

it.each([
  ['DELETE', '/payouts', 'GET, HEAD, POST'],
  ['PUT', '/payouts/PO-1/check', 'POST'],
  ['POST', '/payouts/PO-1', 'GET, HEAD'],
  ['PATCH', '/callbacks/default?status=x', 'GET, POST'],
] as const)('%s %s is answered 405, with what is allowed', async (method, url, allowed) => {
  const { app } = await makeApp({});
  const answer = await app.inject({ method, url });
  expect({ status: answer.statusCode, allow: answer.headers.allow }).toEqual({ status: 405, allow: allowed });
  expect(answer.json().code).toBe('method_not_allowed');
});

it.each(['/payouts', '/payouts/PO-1/resolve', '/notifications/erp:PO-1/resend'])(
  'a body for %s that is no JSON is answered 415',
  async (url) => {
    const { app } = await makeApp({});
    for (const type of ['text/plain', 'text/xml', 'application/x-www-form-urlencoded']) {
      const answer = await app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload: '{}' });
      expect({ type, status: answer.statusCode }).toEqual({ type, status: 415 });
    }
  },
);

it('an unknown state is answered with those there are', async () => {
  const { app } = await makeApp({});
  const { detail } = (await app.inject('/payouts?state=foo')).json();
  for (const state of ['open', 'unconfirmed', 'needs_review', 'approved', 'expired']) expect(detail).toContain(state);
  expect(detail).not.toContain('foo');
});
