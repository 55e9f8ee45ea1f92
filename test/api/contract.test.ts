import { nameProblemType } from '../../src/api/contract';
import { makeApp } from './app-harness';

it('problems stand under their own media type, answers under JSON', async () => {
  const { app } = await makeApp({});
  const { paths } = (await app.inject('/openapi.json')).json();
  const { responses } = paths['/payouts'].post;
  expect(Object.keys(responses[202].content)).toEqual(['application/json']);
  for (const status of [400, 409, 503]) {
    expect(Object.keys(responses[status].content)).toEqual(['application/problem+json']);
  }
});

it('a document without paths or contents is left alone', () => {
  expect(nameProblemType({})).toEqual({});
  const document = { paths: { '/a': { get: { responses: { 304: {} } } } } };
  expect(nameProblemType(document)).toEqual({ paths: { '/a': { get: { responses: { 304: {} } } } } });
});
