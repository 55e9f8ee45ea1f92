import { ENVIRONMENT } from '../../src/config/environment';
import { BAD_VALUES, FILES } from './environment-samples';

it('every variable has a row of bad values', () => {
  const named = Object.keys(ENVIRONMENT).filter((name) => !FILES.some((file) => file === name));
  expect(Object.keys(BAD_VALUES)).toEqual(named);
});

it('every default that is no plain value says how to show it', () => {
  const unshown = Object.entries(ENVIRONMENT).filter(
    ([, variable]) => typeof variable.schema.safeParse(undefined).data === 'object' && !('shown' in variable),
  );
  expect(unshown).toEqual([]);
});

it.each([
  ['PORT', '0', 0],
  ['PORT', '65535', 65_535],
  ['GATEWAY_TIMEOUT', '1ms', 1],
  ['GATEWAY_ENDPOINT_ID', '1'.repeat(20), '1'.repeat(20)],
  ['GATEWAY_LOGIN', 'x'.repeat(128), 'x'.repeat(128)],
  ['GATEWAY_CONTROL_KEY', 'x'.repeat(16), 'x'.repeat(16)],
  ['HASH_KEY', 'x'.repeat(256), 'x'.repeat(256)],
  ['PUBLIC_BASE_URL', `https://${'x'.repeat(72)}`, `https://${'x'.repeat(72)}`],
  ['PUBLIC_BASE_URL', 'https://cp.example.org/a/', 'https://cp.example.org/a'],
  ['GATEWAY_PRIVATE_KEY', '-----BEGIN RSA PRIVATE KEY-----', '-----BEGIN RSA PRIVATE KEY-----'],
  ['HOST', '0.0.0.0', '0.0.0.0'],
] as const)('%s takes %s, the last value it can', (name, text, expected) => {
  expect(ENVIRONMENT[name].schema.parse(text)).toBe(expected);
});
