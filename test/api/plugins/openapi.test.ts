import { completeProblems } from '../../../src/api/plugins/openapi';
import { makeApp } from '../app-harness';

interface Described {
  readonly responses: Record<string, { readonly content?: object }>;
}

async function readPaths(): Promise<Record<string, Record<string, Described>>> {
  const { app } = await makeApp({});
  return (await app.inject('/openapi.json')).json().paths;
}

it('problems stand under their own media type, answers under JSON', async () => {
  const { responses } = (await readPaths())['/payouts']!.post!;
  expect(Object.keys(responses).sort()).toEqual(['200', '202', '400', '401', '403', '409', '413', '415', '429', '503']);
  expect(Object.keys(responses[202]!.content!)).toEqual(['application/json']);
  for (const status of [400, 401, 403, 409, 413, 415, 429, 503]) {
    expect(Object.keys(responses[status]!.content!)).toEqual(['application/problem+json']);
  }
});

it('every operation may answer 400, and only those with a body 413 and 415', async () => {
  const operations = Object.values(await readPaths()).flatMap((methods) => Object.entries(methods));
  expect(operations.length).toBeGreaterThanOrEqual(9);
  for (const [method, { responses }] of operations) {
    const common = [400, 413, 415].filter((status) => responses[status] !== undefined);
    expect(common).toEqual(method === 'post' ? [400, 413, 415] : [400]);
  }
});

it('what a route says itself is kept, and a document without paths is left alone', () => {
  expect(completeProblems({})).toEqual({});
  const document = { paths: { '/a': { get: { responses: { 304: {}, 400: { description: 'own' } } } } } };
  expect(completeProblems(document)).toEqual(document);
});
