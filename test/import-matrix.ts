import type { Import } from './imports';

/** What the files of an area may import. A pattern that ends in `/` or `:` stands for everything below it, `*` for all but our own code. */
interface Area {
  readonly files: string;
  readonly may: readonly string[];
  /** Only types may be imported of these. */
  readonly typesOnly?: readonly string[];
}

const FASTIFY = ['fastify', '@fastify/', 'fastify-type-provider-zod', 'zod', 'fast-luhn', 'ibantools'];
const API: Area = {
  files: 'src/api/',
  may: [
    'src/domain/',
    'src/gateway/callback',
    'src/gateway/errors',
    'src/workflows/messages',
    'src/workflows/notification-messages',
    'src/api/',
    'src/temporal/data-converter',
    'src/temporal/payload-codec',
    'src/api-keys',
    'node:crypto',
    'node:net',
    'node:stream',
    'csv-stringify',
    ...FASTIFY,
  ],
  typesOnly: [
    'src/workflows/',
    'src/config',
    'src/subscriber',
    '@temporalio/client',
    '@temporalio/common',
    '@temporalio/worker',
  ],
};

/** The first area that has a file is its area. */
const AREAS: readonly Area[] = [
  { files: 'src/domain/', may: ['src/domain/', 'big.js'] },
  {
    files: 'src/gateway/',
    may: ['src/domain/', 'src/gateway/', 'node:crypto', 'node:net', 'node:util', 'undici', 'oauth-1.0a'],
  },
  {
    files: 'src/activities/',
    may: [
      'src/domain/',
      'src/gateway/',
      'src/activities/',
      'src/notifications/',
      'src/subscriber',
      'node:crypto',
      'node:timers/promises',
      '@temporalio/activity',
      '@temporalio/common',
    ],
    typesOnly: ['src/workflows/messages', 'src/workflows/notification-messages', 'src/config'],
  },
  {
    files: 'src/workflows/',
    may: ['src/domain/', 'src/workflows/', '@temporalio/workflow', '@temporalio/common'],
    typesOnly: ['src/activities/'],
  },
  {
    files: 'src/notifications/event.ts',
    may: ['src/domain/', 'src/api/view', 'node:crypto'],
    typesOnly: ['src/workflows/notification-messages'],
  },
  {
    files: 'src/notifications/',
    may: ['src/domain/', 'src/notifications/', 'node:crypto', 'node:dns', 'node:net', 'undici'],
  },
  { ...API, files: 'src/api/endpoints.ts', may: [...API.may, 'src/subscriber'] },
  { ...API, files: 'src/api/payouts.ts', may: [...API.may, '@temporalio/client'] },
  API,
  {
    files: 'src/temporal/',
    may: [
      'src/temporal/',
      'src/workflows/messages',
      'src/workflows/notification-messages',
      '@temporalio/',
      'pino',
      'node:crypto',
      'node:path',
    ],
    typesOnly: ['src/domain/'],
  },
  {
    files: 'src/config.ts',
    may: [
      'src/api-keys',
      'src/config-values',
      'src/environment',
      'src/endpoint',
      'src/endpoints-file',
      'src/notifications-file',
      'src/subscriber',
      'src/domain/',
      'node:crypto',
      'node:fs',
      'zod',
    ],
    typesOnly: ['src/temporal/payload-keys'],
  },
  {
    files: 'src/config-values.ts',
    may: [
      'src/domain/',
      'src/gateway/protocol',
      'src/gateway/redirect',
      'src/temporal/payload-keys',
      'node:net',
      'zod',
    ],
  },
  { files: 'src/api-keys.ts', may: ['node:crypto', 'zod'] },
  { files: 'src/environment.ts', may: ['src/api-keys', 'src/config-values', 'src/domain/', 'zod'] },
  { files: 'src/endpoint.ts', may: ['src/domain/'] },
  { files: 'src/endpoints-file.ts', may: ['src/config-values', 'src/endpoint', 'src/domain/', 'node:path', 'zod'] },
  { files: 'src/subscriber.ts', may: ['src/domain/'] },
  {
    files: 'src/notifications-file.ts',
    may: [
      'src/config-values',
      'src/endpoints-file',
      'src/subscriber',
      'src/domain/',
      'src/notifications/signature',
      'src/notifications/target',
      'node:path',
      'zod',
    ],
  },
  { files: 'src/log.ts', may: ['pino'] },
  { files: 'src/server.ts', may: ['src/api/', 'src/temporal/', 'src/config', 'src/log', 'close-with-grace'] },
  {
    files: 'src/worker.ts',
    may: ['src/activities/', 'src/temporal/', 'src/config', 'src/log', 'close-with-grace', '@temporalio/worker'],
  },
  { files: 'simulator/', may: ['simulator/', 'node:', 'fastify'] },
  { files: 'scripts/docs.ts', may: ['src/environment', 'simulator/scenarios', '*'] },
  { files: 'scripts/api-key.ts', may: ['src/api-keys', '*'] },
  { files: 'scripts/', may: ['*'] },
];

const OWN_CODE = ['src/', 'simulator/', 'test/'];

function fits(pattern: string, to: string): boolean {
  if (pattern === '*') return !OWN_CODE.some((prefix) => to.startsWith(prefix));
  return pattern.endsWith('/') || pattern.endsWith(':') ? to.startsWith(pattern) : to === pattern;
}

/** True when a file of the project may have this import; a file of no area may have none. */
export function mayImport(file: string, { to, isType }: Import): boolean {
  const area = AREAS.find(({ files }) => (files.endsWith('/') ? file.startsWith(files) : file === files));
  if (area === undefined) return false;
  const allowed = isType ? [...area.may, ...(area.typesOnly ?? [])] : area.may;
  return allowed.some((pattern) => fits(pattern, to));
}
