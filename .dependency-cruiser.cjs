/**
 * Who may import whom. What an area may not import is forbidden, whatever it is: other areas, packages and Node's own modules.
 * Packages are matched below `node_modules`, Node's modules by their bare names.
 */
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const own = (...paths) => paths.map((prefix) => `^src/${prefix}`);
const npm = (...names) => names.map((name) => `(^|/)node_modules/${name}/`);
const node = (...names) => names.map((name) => `^(node:)?${name}$`);
const FASTIFY = npm('fastify', '@fastify/[^/]+', 'fastify-type-provider-zod', 'zod', 'fast-luhn', 'ibantools');

/** `may` is the whole list; `typesOnly` adds targets of which nothing may be imported at run time. */
const AREAS = [
  { name: 'domain', from: own('domain/'), may: [...own('domain/'), ...npm('big\\.js', '@types/big\\.js')] },
  {
    name: 'gateway',
    from: own('gateway/'),
    may: [...own('domain/', 'gateway/', 'net/'), ...node('crypto', 'dns', 'net', 'util'), ...npm('undici')],
  },
  {
    name: 'workflows',
    from: own('workflows/'),
    may: [
      ...own('domain/', 'workflows/', 'domain/metrics\\.ts$'),
      ...npm('@temporalio/workflow', '@temporalio/common'),
    ],
    typesOnly: own('activities/'),
  },
  {
    name: 'activities',
    from: own('activities/'),
    may: [
      ...own('domain/', 'gateway/', 'activities/', 'notifications/', 'config/subscriber\\.ts$'),
      ...node('crypto', 'timers/promises'),
      ...npm('@temporalio/activity', '@temporalio/common'),
    ],
    typesOnly: own('workflows/(notification-|batch-|limit-)?messages\\.ts$', 'config/'),
  },
  {
    name: 'notifications',
    from: own('notifications/'),
    may: [...own('domain/', 'notifications/', 'net/'), ...node('crypto', 'dns', 'net'), ...npm('undici')],
    typesOnly: own('workflows/notification-messages\\.ts$'),
  },
  {
    name: 'store',
    from: own('store/'),
    may: [
      ...own('domain/', 'store/', 'temporal/', 'workflows/(notification-|batch-|limit-)?messages\\.ts$'),
      ...own('config/bounds\\.ts$'),
      ...node('crypto', 'timers/promises'),
      ...npm('@temporalio/client', '@temporalio/common', 'toad-cache'),
    ],
    typesOnly: own('workflows/', 'config/', 'tracing/tracing\\.ts$'),
  },
  {
    name: 'temporal',
    from: own('temporal/'),
    may: [
      ...own(
        'temporal/',
        'net/addresses\\.ts$',
        'workflows/(notification-|batch-|limit-)?messages\\.ts$',
        'domain/(metrics|tenants)\\.ts$',
      ),
      ...node('crypto', 'os', 'path', 'timers/promises', 'util', 'zlib'),
      ...npm('@temporalio/[^/]+', 'pino'),
    ],
    typesOnly: own('domain/', 'config/worker-limits\\.ts$', 'tracing/tracing\\.ts$'),
  },
  {
    name: 'config',
    from: own('config/'),
    may: [
      ...own('domain/', 'config/', 'notifications/(signature|target)\\.ts$'),
      ...own('gateway/(protocol|statuses)\\.ts$', 'net/', 'temporal/payload-keys\\.ts$', 'schedule/'),
      ...node('crypto', 'fs', 'fs/promises', 'net', 'path'),
      ...npm('zod', 'pino', 'yaml'),
    ],
    typesOnly: own('temporal/deployment\\.ts$'),
  },
  {
    name: 'api',
    from: own('api/(?!codec/)'),
    may: [
      ...own(
        'domain/',
        'gateway/(callback|errors)\\.ts$',
        'store/',
        'api/',
        'net/',
        'schedule/',
        'config/(api-keys|bounds|endpoint|subscriber)\\.ts$',
      ),
      '^web/(operate/texts|receiver/texts/[a-z]+)\\.json$',
      ...node('crypto', 'events', 'fs', 'http', 'net', 'path', 'stream', 'timers/promises'),
      ...npm('csv-parse', 'csv-stringify', 'toad-cache'),
      ...FASTIFY,
    ],
    typesOnly: own('config/', 'metrics/', 'tracing/tracing\\.ts$'),
  },
  {
    // The codec server opens payloads: the one place of the API that knows how Temporal stores them.
    name: 'codec',
    from: own('api/codec/'),
    may: [
      ...own('domain/', 'api/', 'config/(api-keys|bounds)\\.ts$', 'temporal/payload-codec\\.ts$'),
      ...node('crypto'),
      ...npm('toad-cache'),
      ...FASTIFY,
    ],
    typesOnly: npm('@temporalio/common'),
  },
  {
    name: 'metrics',
    from: own('metrics/'),
    may: [
      ...own('metrics/', 'config/key-expiry\\.ts$', 'domain/metrics\\.ts$', 'store/(counts-reader|limit-shares)\\.ts$'),
      ...node('http'),
      ...npm('prom-client'),
    ],
    typesOnly: own('config/', 'store/', 'temporal/call-failure\\.ts$'),
  },
  {
    // The one area that knows OpenTelemetry. It is loaded when traces are on.
    name: 'tracing',
    from: own('tracing/'),
    may: [
      ...own('tracing/', 'gateway/errors\\.ts$'),
      ...node('async_hooks'),
      ...npm('@opentelemetry/[^/]+', '@temporalio/interceptors-opentelemetry-v2'),
    ],
    typesOnly: [...own('activities/', 'workflows/messages\\.ts$'), ...npm('@temporalio/(client|worker)')],
  },
  { name: 'net', from: own('net/'), may: node('net') },
  {
    name: 'schedule',
    from: own('schedule/'),
    may: [...own('schedule/', 'domain/periods\\.ts$'), ...npm('@js-temporal/polyfill', 'date-holidays')],
    typesOnly: own('domain/'),
  },
  ...['operate', 'receiver'].map((page) => ({ name: page, from: [`^web/${page}/`], may: [`^web/${page}/`] })),
  {
    name: 'server',
    from: own('server\\.ts$'),
    may: [
      ...own('api/', 'store/', 'temporal/', 'tracing/tracing\\.ts$', 'config/', 'metrics/'),
      ...npm('close-with-grace'),
    ],
    typesOnly: node('http'),
  },
  {
    name: 'worker',
    from: own('worker\\.ts$'),
    may: [
      ...own('activities/', 'store/batch-rows\\.ts$', 'temporal/', 'tracing/tracing\\.ts$', 'config/'),
      ...npm('close-with-grace', '@temporalio/worker'),
    ],
  },
  { name: 'verify', from: own('verify\\.ts$'), may: [...own('temporal/', 'config/'), ...node('fs', 'util')] },
  {
    name: 'simulator',
    from: ['^simulator/'],
    may: [
      '^simulator/',
      ...node('crypto', 'events', 'fs', 'fs/promises', 'http', 'https', 'net', 'path'),
      ...npm('fastify'),
    ],
  },
];

const anyOf = (patterns) => patterns.join('|');
const matches = (patterns, text) => patterns.some((pattern) => new RegExp(pattern).test(text));

function listSources(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name).split(path.sep).join('/'));
}

/** swc, which reads the sources here, does not tell a type import from one that exists at run time: this does. */
function importsAtRunTime(file) {
  const statements = readFileSync(file, 'utf8').matchAll(
    /^(?:import|export)\s+(?!type\b)(?:[^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm,
  );
  return [...statements].map(([, specifier]) =>
    specifier.startsWith('.')
      ? `${path.posix.join(path.posix.dirname(file), specifier)}.ts`
      : `node_modules/${specifier}/`,
  );
}

function typesOnlyRules({ name, from, typesOnly = [], may, runTime = [] }) {
  const exempt = (file, to) => runTime.some((rule) => matches(rule.from, file) && matches(rule.to, to));
  return listSources('src')
    .filter((file) => matches(from, file))
    .flatMap((file) => {
      const wrong = importsAtRunTime(file).filter(
        (to) => matches(typesOnly, to) && !matches(may, to) && !exempt(file, to),
      );
      return wrong.map((to) => ({
        name: `${name}-types-only`,
        comment: 'of this target only types may be imported',
        severity: 'error',
        from: { path: `^${file}$` },
        to: { path: to.startsWith('src/') ? `^${to}$` : to },
      }));
    });
}

const rules = AREAS.flatMap((area) => [
  {
    name: `${area.name}-imports`,
    comment: `what ${area.name} may import is a closed list`,
    severity: 'error',
    from: { path: anyOf(area.from) },
    to: { pathNot: anyOf([...area.may, ...(area.typesOnly ?? [])]) },
  },
  ...typesOnlyRules(area),
]);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...rules,
    {
      name: 'scripts-run-the-product',
      comment: 'scripts start processes; they share with the product how Temporal is set up, and nothing else',
      severity: 'error',
      from: { path: '^scripts/', pathNot: '^scripts/(clients|docs|keys|policies)\\.ts$' },
      to: {
        path: '^(src|simulator|test|bench)/',
        pathNot: '^src/temporal/(namespace|namespace-setup)\\.ts$',
      },
    },
    {
      name: 'keys-know-the-entry',
      comment: 'a key is made, and its entry checked, as the API will read it',
      severity: 'error',
      from: { path: '^scripts/keys\\.ts$' },
      to: { path: '^(src|simulator|test)/', pathNot: '^src/config/api-keys\\.ts$' },
    },
    {
      name: 'policies-are-read-as-by-the-api',
      comment: 'what a rule decides is explained by what decides it',
      severity: 'error',
      from: { path: '^scripts/policies\\.ts$' },
      to: {
        path: '^(src|simulator|test)/',
        pathNot: '^src/(config/policies-file|domain/(limit-rules|money|policies))\\.ts$',
      },
    },
    {
      name: 'docs-read-tables',
      comment: 'the tables of the documents come from what they describe',
      severity: 'error',
      from: { path: '^scripts/docs\\.ts$' },
      to: {
        path: '^(src|simulator|test)/',
        pathNot: '^(src/(config/(environment|bounds)|domain/metrics)|simulator/scenarios)\\.ts$',
      },
    },
    {
      name: 'workflows-read-no-zone-data',
      comment: 'a replay by a process with other zone data would decide otherwise',
      severity: 'error',
      from: { path: '^src/(workflows/|domain/(?!limit-rules\\.ts$))' },
      to: { path: '^src/domain/(limit-rules|periods)\\.ts$' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: { pathNot: '^bench/peers/' }, to: { couldNotResolve: true } },
  ],
  options: { doNotFollow: { path: 'node_modules' }, exclude: { path: '^dist/' } },
};
