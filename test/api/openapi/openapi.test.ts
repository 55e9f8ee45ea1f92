import { completeDocument } from '../../../src/api/openapi/document';
import { PAYOUT_EXAMPLES } from '../../../src/api/openapi/examples';
import { FIELD_TEXTS } from '../../../src/api/openapi/field-texts';
import { bankAccount, card, cardRef } from '../../../src/api/payouts/payout-fields';
import { states } from '../../../web/operate/texts.json';
import { makeApp, makeCaller, NO_KEYS } from '../app-harness';

interface Described {
  readonly responses: Record<
    string,
    { readonly $ref?: string; readonly description?: string; readonly content?: object }
  >;
  readonly requestBody?: { content: Record<string, { examples?: object }> };
}

async function readDocument() {
  const { app } = await makeApp({});
  return (await app.inject('/openapi.json')).json();
}

async function readPaths(): Promise<Record<string, Record<string, Described>>> {
  return (await readDocument()).paths;
}

it('problems are named replies with their own media type, answers stand under JSON', async () => {
  const document = await readDocument();
  const { responses } = document.paths['/payouts'].post as Described;
  expect(Object.keys(responses).sort()).toEqual([
    '200',
    '202',
    '400',
    '401',
    '403',
    '409',
    '413',
    '415',
    '422',
    '429',
    '503',
  ]);
  expect(Object.keys(responses[202]!.content!)).toEqual(['application/json']);
  expect(responses[409]).toEqual({ $ref: '#/components/responses/Conflict' });
  const named = Object.values<Described['responses'][string]>(document.components.responses);
  for (const { content } of named) expect(Object.keys(content!)).toEqual(['application/problem+json']);
  const referred = [400, 401, 403, 409, 413, 415, 429, 503].map((status) => responses[status]?.$ref?.split('/').at(-1));
  for (const name of referred) expect(document.components.responses).toHaveProperty([String(name)]);
});

it('every operation may answer 400, and only those with a body 413 and 415', async () => {
  const operations = Object.values(await readPaths()).flatMap((methods) => Object.entries(methods));
  expect(operations.length).toBeGreaterThanOrEqual(9);
  for (const [method, { responses }] of operations) {
    const common = [400, 413, 415].filter((status) => responses[status] !== undefined);
    expect(common).toEqual(method === 'post' ? [400, 413, 415] : [400]);
    expect(Object.values(responses).filter(({ description }) => description === 'Default Response')).toEqual([]);
  }
});

it('what a route says itself is kept, and a document without paths is left alone', () => {
  expect(completeDocument({})).toEqual({});
  const document = { paths: { '/a': { get: { responses: { 304: {}, 400: { description: 'own' } } } } } };
  expect(completeDocument(document)).toEqual(document);
});

/** Every field and parameter below a part of the document, with where it is and what it says. */
function listFields(node: unknown, path = ''): { path: string; name: string; description?: string }[] {
  if (typeof node !== 'object' || node === null) return [];
  const { properties, parameters } = node as { properties?: Record<string, object>; parameters?: { name: string }[] };
  const own = [
    ...(typeof properties === 'object' && !Array.isArray(properties) ? Object.entries(properties) : []),
    ...(Array.isArray(parameters) ? parameters.map((each) => [each.name, each] as const) : []),
  ].map(([name, field]) => ({ path: `${path}/${name}`, name, ...(field as { description?: string }) }));
  return [...own, ...Object.entries(node).flatMap(([key, value]) => listFields(value, `${path}/${key}`))];
}

it('every field, parameter and operation says what it means, and every text is used', async () => {
  const document = await readDocument();
  const fields = listFields(document);
  expect(fields.length).toBeGreaterThan(100);
  expect(fields.filter(({ description }) => !description).map(({ path }) => path)).toEqual([]);
  const said = new Set(fields.map(({ description }) => description));
  expect(Object.keys(FIELD_TEXTS).filter((name) => !said.has(FIELD_TEXTS[name]) && !(name in states))).toEqual([]);
  const operations = Object.values<object>(document.paths).flatMap((methods) =>
    Object.values<{ summary?: string }>(methods as never),
  );
  expect(operations.filter(({ summary }) => !summary)).toEqual([]);
});

it('each schema is there once, under its own name', async () => {
  const document = await readDocument();
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['Payout', 'PayoutRequest', 'Problem', 'OperatorAct']),
  );
  const refs = [...JSON.stringify(document).matchAll(/"#\/components\/(\w+)\/(\w+)"/g)];
  const missing = refs.filter(([, kind, name]) => document.components[String(kind)]?.[String(name)] === undefined);
  expect(missing).toEqual([]);
  expect(Object.keys(document.components.schemas).filter((name) => name.endsWith('Input'))).toEqual([]);
});

it('starting a payout has an example of each kind, which is taken as it stands', async () => {
  const { examples } = (await readPaths())['/payouts']!.post!.requestBody!.content['application/json']!;
  expect(examples).toEqual(PAYOUT_EXAMPLES);
  const kinds = [bankAccount, card, cardRef].map(({ shape }) => shape.type.value);
  expect(Object.keys(PAYOUT_EXAMPLES)).toEqual([...kinds, 'collect']);
  const { app } = await makeApp({});
  for (const { value } of Object.values(PAYOUT_EXAMPLES)) {
    expect((await app.inject({ method: 'POST', url: '/payouts', payload: value })).statusCode).toBe(202);
  }
});

it('the page has a title and a look of its own, and loads nothing from elsewhere', async () => {
  const { app } = await makeApp({});
  const page = await app.inject('/docs');
  expect(page.body).toContain('<title>Payout orchestrator: the API</title>');
  expect(page.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  expect(String(page.headers['content-security-policy'])).toContain("script-src 'self'");
  for (const file of ['docs.css', 'icon.svg'])
    expect((await app.inject(`/docs/static/theme/${file}`)).statusCode).toBe(200);
});

it.each([
  ['without keys every request', [], false],
  ['with keys only reads, which the page says,', [makeCaller('shop', ['payouts:write']).apiKey], true],
])('%s can be tried from the page', async (_name, apiKeys, readsOnly) => {
  const { app } = await makeApp({ access: { ...NO_KEYS, apiKeys } });
  const script = (await app.inject('/docs/static/swagger-initializer.js')).body;
  expect(/"supportedSubmitMethods":\["get"\]/.test(script)).toBe(readsOnly);
  expect(script.includes('supportedSubmitMethods')).toBe(readsOnly);
  const described = (await app.inject('/docs/json')).json().info.description as string;
  expect(described.includes('Only reads can be tried')).toBe(readsOnly);
  expect((await app.inject('/openapi.json')).json().info.description).not.toContain('tried');
});
