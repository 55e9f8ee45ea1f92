import { createEndpointDirectory } from '../../src/api/endpoints';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { REQUEST, START_MS } from '../domain/samples';
import { CONTROL_KEY, ENDPOINT, INPUT, PUBLIC_BASE_URL } from './app-harness';

const options = { policy: DEFAULT_POLICY, publicBaseUrl: PUBLIC_BASE_URL };
const directory = createEndpointDirectory({
  ...options,
  endpoints: [ENDPOINT, { ...ENDPOINT, name: 'second', controlKey: 'k'.repeat(16) }],
});

it('pays by the first endpoint, with our own addresses', () => {
  expect(directory.prepare(REQUEST, START_MS)).toEqual({ input: INPUT, fieldErrors: [] });
});

it('keeps callback addresses within the 128 characters of the gateway’s field', () => {
  const longest = createEndpointDirectory({
    ...options,
    publicBaseUrl: `https://${'a'.repeat(72)}`,
    endpoints: [ENDPOINT],
  });
  const { input } = longest.prepare(REQUEST, START_MS);
  expect(input.callbackUrl.length).toBeLessThanOrEqual(128);
  expect(input.redirectUrl?.length).toBeLessThanOrEqual(128);
});

it('knows the keys of its endpoints and of no other', () => {
  expect(directory.controlKeysOf('default')).toEqual([CONTROL_KEY]);
  expect(directory.controlKeysOf('second')).toEqual(['k'.repeat(16)]);
  for (const name of ['', 'other', '__proto__', 'toString']) expect(directory.controlKeysOf(name)).toBeNull();
});

it('needs an endpoint', () => {
  expect(() => createEndpointDirectory({ ...options, endpoints: [] })).toThrow(
    new RangeError('endpoints: expected at least one'),
  );
});
