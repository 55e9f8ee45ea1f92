import { generateKeyPairSync } from 'node:crypto';
import { createGateways } from '../../src/activities/gateways';
import type { EndpointConfig } from '../../src/config';

function makeEndpoint(name: string, modulusLength = 2048): EndpointConfig {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength });
  return {
    name,
    baseUrl: 'http://127.0.0.1:9/paynet',
    target: { kind: 'endpoint', id: '1144' },
    login: 'cp-demo',
    controlKey: '0F3C5A2E-7B1D-4C86-9E55-2A6D8B1F4E70',
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    statusApi: 'v2',
    replyFormat: 'form',
    extraFields: [],
  };
}

it('has one client for each endpoint, the same every time', async () => {
  const gateways = createGateways([makeEndpoint('default'), makeEndpoint('other')], 30_000);
  expect(gateways.of('default')).toBe(gateways.of('default'));
  expect(gateways.of('default')).not.toBe(gateways.of('other'));
  await gateways.close();
});

it.each(['unknown', '', 'toString', '__proto__'])('refuses the endpoint %j', async (endpoint) => {
  const gateways = createGateways([makeEndpoint('default')], 30_000);
  const expected = new RangeError('endpoint: expected one this worker is configured for');
  expect(() => gateways.of(endpoint)).toThrow(expected);
  await gateways.close();
});

it('refuses to start with a key that is too short, and does not print it', () => {
  const endpoint = makeEndpoint('default', 1024);
  expect(() => createGateways([endpoint], 30_000)).toThrow(
    new RangeError('privateKey: expected a private RSA key of at least 2048 bits'),
  );
});
