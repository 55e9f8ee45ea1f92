import type { ENVIRONMENT } from '../../src/config/environment';

/** Stands in bad values, so that a complaint that repeats one is seen. */
export const MARKER = 'MARKER7f3';

/** The least a process starts with. */
export const LEAST_ENVIRONMENT = {
  GATEWAY_BASE_URL: 'https://sandbox.example.com/paynet',
  GATEWAY_ENDPOINT_ID: '1144',
  GATEWAY_LOGIN: 'cp-demo',
  GATEWAY_CONTROL_KEY: '0F3C5A2E-7B1D-4C86-9E55-2A6D8B1F4E70',
  GATEWAY_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----',
  PUBLIC_BASE_URL: 'https://cp.example.org',
  HASH_KEY: 'a-key-of-hashes-that-is-ours-alone',
  RECEIVER_LINK_KEYS: 'a-key-of-links-that-is-ours-alone',
};

interface BadValues {
  /** What the complaint says after the name. */
  readonly expected: string;
  readonly values: readonly [string, ...string[]];
  readonly isRequired?: true;
  /** Other variables that must be set so that this one is the only problem. */
  readonly beside?: Readonly<Record<string, string>>;
}

const DURATION = 'expected a duration such as "4s", "5m", "6h" or "14d"';
const NUMBER = 'expected a number';
const WHOLE_RATE = 'expected a whole number per second, from 1 to 10000';
const wholeNumber = (least: number, most: number) => `expected a whole number from ${least} to ${most}`;
const DURATIONS = [MARKER, '5', '0s', '-1s', '1.5s', '5 s'] as const;

/** Variables that name a file of entries. */
export const FILES = ['ENDPOINTS_FILE', 'NOTIFICATIONS_FILE', 'BRANDING_FILE', 'POLICIES_FILE'] as const;

/** Every variable, by its complaint; the files it names have tests of their own. A variable of the schema without a row does not compile. */
export const BAD_VALUES: Readonly<Record<Exclude<keyof typeof ENVIRONMENT, (typeof FILES)[number]>, BadValues>> = {
  GATEWAY_BASE_URL: {
    expected:
      'expected an https URL (http to loopback only) with the context path, without query, e.g. https://sandbox.example.com/paynet',
    values: [
      MARKER,
      `http://${MARKER}/paynet`,
      `http://10.0.0.1/${MARKER}`,
      `ftp://${MARKER}/paynet`,
      `https://${MARKER}@example.com/paynet`,
      `https://example.com/paynet?${MARKER}`,
      `https://example.com/paynet#${MARKER}`,
      `https://example.com/${'x'.repeat(200)}`,
    ],
    isRequired: true,
  },
  GATEWAY_ENDPOINT_ID: { expected: NUMBER, values: [MARKER, '11 44', '-1', '1e3', '1'.repeat(21)] },
  GATEWAY_ENDPOINT_GROUP_ID: {
    expected: NUMBER,
    values: [MARKER, '11 44', '-1', '1e3', '1'.repeat(21)],
    beside: { GATEWAY_ENDPOINT_ID: '' },
  },
  GATEWAY_LOGIN: {
    expected: 'expected 1 to 128 visible ASCII characters',
    values: [`${MARKER} x`, `${MARKER}\n`, 'é', 'x'.repeat(129)],
    isRequired: true,
  },
  GATEWAY_CONTROL_KEY: {
    expected: 'expected 16 to 128 visible ASCII characters',
    values: [MARKER, 'x'.repeat(15), 'x'.repeat(129), `${'x'.repeat(16)} `],
    isRequired: true,
  },
  GATEWAY_PRIVATE_KEY: {
    expected: 'expected an RSA private key in PEM (PKCS#1 or PKCS#8)',
    values: [MARKER, `-----BEGIN PUBLIC KEY-----\n${MARKER}`, `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${MARKER}`],
    isRequired: true,
  },
  GATEWAY_STATUS_API: { expected: 'expected one of "v2"|"v4"', values: [MARKER, 'V2', 'v3'] },
  GATEWAY_REPLY_FORMAT: { expected: 'expected one of "form"|"json"', values: [MARKER, 'JSON'] },
  GATEWAY_EXTRA_FIELDS: {
    expected: 'expected a JSON list like [{"name":"sender_name","required":true,"maxLength":128}]',
    values: [
      MARKER,
      `{"name":"${MARKER}"}`,
      `[{"name":"${MARKER} x"}]`,
      '[{"name":"a","maxLength":0}]',
      '[{"name":"a","more":1}]',
      '[{"name":"cvv"}]',
      '[{"name":"server_callback_url"}]',
      '[{}]',
    ],
  },
  GATEWAY_FIELD_LENGTHS: {
    expected: 'expected a JSON object like {"accountNumber":34,"bankCode":11}, numbers from 1 to 64',
    values: [MARKER, '34', `{"${MARKER}":1}`, '{"accountNumber":0}', '{"bankCode":65}', '{"accountNumber":"34"}', '[]'],
  },
  GATEWAY_COLLECT: {
    expected: 'expected bank_account, card or both, each once',
    values: [MARKER, 'Card', 'card,', 'card,card', 'card_ref', 'bank_account;card'],
  },
  GATEWAY_PAYOUT_TYPES: {
    expected: 'expected lower-case letters, digits, "_" or "-", and not the type of a later event',
    values: [MARKER, 'Payout', 'payout,,none', 'payout,reversal', 'chargeback', 'a b'],
  },
  GATEWAY_CALLBACK_FIELDS: {
    expected: 'expected one of "both"|"server_callback_url"|"notify_url"',
    values: [MARKER, 'neither', 'BOTH'],
  },
  GATEWAY_RATE: {
    expected: 'expected a number of calls per second, from 0.1 to 1000',
    values: [MARKER, '0', '-1', '1001', '1e9'],
  },
  GATEWAY_REDIRECT_HOSTS: {
    expected: 'expected a lower-case host name, with or without a port',
    values: [`https://${MARKER}/`, 'Gate.example.com', ','],
  },
  GATEWAY_TIMEOUT: { expected: DURATION, values: DURATIONS },
  GATEWAY_HOSTS: {
    expected: 'expected a lower-case host name, with or without a port',
    values: [`https://${MARKER}/`, 'Gate.example.com', 'gate.example.com,,', ','],
  },
  ALLOW_REPLICATED_NAMESPACE: { expected: 'expected "yes"', values: [MARKER, 'no', 'true'] },
  PUBLIC_BASE_URL: {
    expected: 'expected an https URL (http to loopback only) of at most 80 characters without query',
    values: [MARKER, `http://${MARKER}.example.org`, `https://cp.example.org?${MARKER}`, `https://${'x'.repeat(80)}`],
    isRequired: true,
  },
  HASH_KEY: {
    expected: 'expected 32 to 256 visible ASCII characters',
    values: [MARKER, 'x'.repeat(31), 'x'.repeat(257)],
  },
  RECEIVER_LINK_KEYS: {
    expected: 'expected keys of 32 to 256 visible ASCII characters, each once, one per line or separated by commas',
    values: [MARKER, ',', 'x'.repeat(31), `${'x'.repeat(32)},${MARKER}`, `${'x'.repeat(32)}\n${'x'.repeat(32)}`],
  },
  API_KEYS: {
    expected: 'expected a JSON list like [{"name":"shop","scopes":["payouts:write"],"hash":"sha256:…"}]',
    values: [MARKER, '[]', '{}', `{"name":"${MARKER}"}`, `"${MARKER}"`],
  },
  API_RATE: { expected: WHOLE_RATE, values: [MARKER, '0', '-1', '1.5', '10001', '1e3'] },
  TENANT_RATE: { expected: WHOLE_RATE, values: [MARKER, '0', '-1', '1.5', '10001', '1e3'] },
  API_CONNECTIONS: {
    expected: 'expected a whole number from 1 to 99999',
    values: [MARKER, '0', '-1', '1.5', '100000', '1e3'],
  },
  API_REQUEST_TIME: { expected: DURATION, values: DURATIONS },
  RECEIVER_RATE: { expected: WHOLE_RATE, values: [MARKER, '0', '-1', '1.5', '10001', '1e3'] },
  TRUSTED_PROXIES: {
    expected: 'expected addresses or networks like 10.0.0.7,192.168.0.0/16',
    values: [MARKER, '10.0.0', '0.0.0.0/0', '::/0', '10.0.0.7/33', '::1/129', '10.0.0.7,', 'loopback', '10.0.0.7/8/8'],
  },
  PAYLOAD_KEYS: {
    expected: 'expected <id>:<base64 of 32 bytes> in entry 1',
    values: [MARKER, `${MARKER}:`, `a:b:${MARKER}`],
  },
  CODEC_ORIGIN: {
    expected: 'expected an origin like http://127.0.0.1:8233, without a trailing slash',
    values: [
      MARKER,
      '*',
      'null',
      `ftp://${MARKER}`,
      `https://${MARKER}.example.com/`,
      `https://example.com/${MARKER}`,
      `https://${MARKER}@example.com`,
      'https://example.com:443',
      'HTTPS://example.com',
    ],
  },
  POLL_PLAN: {
    expected: 'expected a JSON list like [{"every":"4s","until":"5m"},{"every":"5m","until":"1h"}] with rising ends',
    values: [
      MARKER,
      '[]',
      `[{"every":"${MARKER}","until":"5m"}]`,
      '[{"every":"4s"}]',
      '[{"every":"4s","until":"5m"},{"every":"5m","until":"5m"}]',
      '[{"every":"4s","until":"1h"},{"every":"5m","until":"5m"}]',
    ],
  },
  UNCONFIRMED_BACKOFF: {
    expected: 'expected a JSON object like {"gaps":["5s","15s"],"every":"1h","until":"24h"}',
    values: [
      MARKER,
      '[]',
      '{"gaps":[],"every":"1h","until":"24h"}',
      `{"gaps":["${MARKER}"],"every":"1h","until":"24h"}`,
    ],
  },
  CONFIRM_WITHIN: { expected: DURATION, values: DURATIONS },
  HOST: { expected: 'expected a host name or address', values: [`${MARKER}/`, 'a b', 'x'.repeat(254)] },
  PORT: { expected: 'expected a port number', values: [MARKER, '65536', '99999', '-1', '1e3', '3000.5', ' 3000'] },
  WORKER_CACHE: { expected: wholeNumber(100, 1_000_000), values: [MARKER, '99', '-2', '2.5', '1000001', '1e3'] },
  WORKER_WATCHES: { expected: wholeNumber(2, 100_000), values: [MARKER, '1', '-2', '2.5', '100001', '1e3'] },
  WORKER_CALLS: { expected: wholeNumber(2, 1_000), values: [MARKER, '1', '-2', '2.5', '1001', '1e2'] },
  WORKER_POLLERS: { expected: wholeNumber(2, 100), values: [MARKER, '1', '-2', '2.5', '101', '1e1'] },
  WORKER_DEPLOYMENT_NAME: {
    expected: 'expected letters, digits, - and _, at most 100',
    values: [`${MARKER}.x`, `${MARKER} x`, `${MARKER}${'x'.repeat(100)}`],
    beside: { WORKER_BUILD_ID: '1' },
  },
  WORKER_BUILD_ID: {
    expected: 'expected letters, digits, and any of . + - _, at most 100',
    values: [`${MARKER}:x`, `${MARKER} x`, `${MARKER}${'x'.repeat(100)}`],
    beside: { WORKER_DEPLOYMENT_NAME: 'payouts' },
  },
  METRICS_ADDRESS: {
    expected: 'expected a port such as 9464, or an IP address with a port such as 10.0.0.5:9464',
    values: [
      MARKER,
      `${MARKER}:9464`,
      'localhost:9464',
      '10.0.0.5',
      '10.0.0.5:0',
      '65536',
      '[::1]',
      '[10.0.0.5]:1',
      '::1:x',
    ],
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    expected: 'expected an http or https URL without credentials or query',
    values: [MARKER, `ftp://${MARKER}`, `https://user:${MARKER}@collector.example`, `https://c.example/?${MARKER}`],
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    expected: 'expected an http or https URL without credentials or query',
    values: [MARKER, `https://${MARKER}@collector.example/v1/traces`],
  },
  LOG_LEVEL: {
    expected: 'expected one of "trace"|"debug"|"info"|"warn"|"error"|"fatal"|"silent"',
    values: [MARKER, 'INFO', 'verbose'],
  },
};
