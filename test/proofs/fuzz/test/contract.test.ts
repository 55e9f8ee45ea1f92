import { type Contract, createConformance, listFields, listOperations } from '../contract';

const CONTRACT: Contract = {
  paths: {
    '/a/{id}': {
      post: {
        operationId: 'act',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/A' } } } },
        responses: {
          200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/A' } } } },
          304: {},
        },
      },
    },
  },
  components: {
    schemas: {
      A: { type: 'object', properties: { b: { $ref: '#/components/schemas/B' } }, required: ['b'] },
      B: { oneOf: [{ type: 'object', properties: { c: { type: 'string' } }, required: ['c'] }] },
    },
  },
};

test('operations and their fields are read', () => {
  const [operation] = listOperations(CONTRACT);
  expect(operation).toMatchObject({ name: 'act', method: 'POST', path: '/a/{id}' });
  expect(listFields(CONTRACT.components.schemas.B!)).toEqual([['c']]);
});

test.each([
  ['as described', 200, 'application/json; charset=utf-8', '{"b":{"c":"x"}}', true],
  ['a field of another type', 200, 'application/json', '{"b":{"c":7}}', false],
  ['a field missing', 200, 'application/json', '{}', false],
  ['another type', 200, 'text/html', '{"b":{"c":"x"}}', false],
  ['another status', 201, 'application/json', '{"b":{"c":"x"}}', false],
  ['no body', 304, '', '', true],
  ['a body where none is described', 304, 'text/plain', 'x', false],
])('an answer is judged by the contract: %s', (_name, status, type, body, isAsDescribed) => {
  const wrong = createConformance(CONTRACT)({ method: 'POST', path: '/a/{id}' }, { status, type, body });
  expect(wrong === null).toBe(isAsDescribed);
});
