import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { buildServerEnvironment, DATABASES, OTHER_PORTS, SERVER_VERSION } from '../../scripts/temporal-server';
import versions from '../../scripts/temporal-versions.json';

interface Service {
  build?: string;
  image: string;
  command?: string[];
  restart?: string;
  ports?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
}

const root = path.join(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  name: string;
  services: Record<string, Service>;
};
const services = Object.entries(compose.services);
const knownKeys = new Set([...read('.env.example').matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]));

/** A tag as it is used when nothing is set in the environment. */
function resolveTag(image: string): string {
  return image.replace(/\$\{\w+:-([^}]+)\}/g, '$1');
}

describe('docker-compose.yml', () => {
  it('is the whole system', () => {
    expect(compose.name).toBe('payouts');
    expect(Object.keys(compose.services)).toEqual(['temporal', 'namespace', 'keys', 'simulator', 'worker', 'api']);
  });

  it.each(services)('%s: the image is pinned to a version', (_name, { image }) => {
    expect(resolveTag(image)).toMatch(/^[a-z/-]+:\d+\.\d+\.\d+$/);
  });

  it('runs the same Temporal as the scripts', () => {
    expect(resolveTag(compose.services.temporal!.image)).toBe(`temporalio/temporal:${versions.cli.version}`);
  });

  it('publishes ports on loopback only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toHaveLength(4);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('an API that is not on loopback is not started without keys', () => {
    const { HOST, API_KEYS } = compose.services.api!.environment!;
    expect(HOST).toBe('0.0.0.0');
    expect(API_KEYS).toMatch(/^\$\{API_KEYS:\?[^}]+\}$/);
    expect(services.filter(([, { environment }]) => environment?.API_KEYS !== undefined).map(([name]) => name)).toEqual(
      ['api'],
    );
  });

  it('waits only for what can be waited for', () => {
    const waits = services.flatMap(([, service]) => Object.entries(service.depends_on ?? {}));
    expect(waits).toHaveLength(8);
    for (const [target, { condition }] of waits) {
      const service = compose.services[target]!;
      if (condition === 'service_healthy') expect(service.healthcheck?.test[0]).toBe('CMD');
      else {
        expect(condition).toBe('service_completed_successfully');
        expect(service.restart).toMatch(/^(no|on-failure:\d+)$/);
      }
    }
  });

  it.each(services.filter(([, { environment }]) => environment))(
    '%s: every setting is a known one',
    (name, service) => {
      for (const key of Object.keys(service.environment!)) {
        if (name === 'simulator') expect(key).toMatch(/^SIMULATOR_/);
        else expect(knownKeys).toContain(key);
      }
    },
  );

  it.each(services.filter(([, { restart }]) => restart === 'unless-stopped'))(
    '%s: says how it is',
    (_name, service) => {
      const { test } = service.healthcheck!;
      expect(test.length).toBeGreaterThan(2);
      expect(test.every((word) => typeof word === 'string')).toBe(true);
    },
  );

  it('sets the namespace up by the product’s own command, and syncs every commit', () => {
    const command = compose.services.temporal!.command!;
    expect(command).toEqual(
      expect.arrayContaining(['--sqlite-pragma=journal_mode=wal', '--sqlite-pragma=synchronous=full']),
    );
    expect(compose.services.namespace!.command).toEqual(['node', 'dist/src/temporal/namespace-command.js', '--apply']);
  });
});

/** As `docker compose -f … -f …` joins two files, in what is used here: maps by key, `!override` and `!reset` in place. */
function join(below: unknown, above: unknown): unknown {
  if (!isMap(below) || !isMap(above)) return above;
  const joined: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) joined[key] = join(joined[key], value);
  return joined;
}
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

describe('docker-compose.postgres.yml', () => {
  const tags = ['!reset', '!override'].map((tag) => [
    { tag, resolve: (text: string) => (text === 'null' ? null : text) },
    { tag, collection: 'seq' as const, resolve: (list: unknown) => list },
  ]);
  const above = parse(read('docker-compose.postgres.yml'), { merge: true, customTags: tags.flat() as never });
  const joined = join(compose, above) as typeof compose & { configs: Record<string, { content: string }> };
  const all = Object.entries(joined.services);
  const { postgres, schema, temporal, ui } = joined.services as Record<string, Service & { configs?: object[] }>;

  it('adds the database, its schema job and the user interface; nothing else is said twice', () => {
    expect(Object.keys(joined.services).sort()).toEqual(
      [...Object.keys(compose.services), 'postgres', 'schema', 'ui'].sort(),
    );
    expect(Object.keys((above as typeof compose).services).sort()).toEqual(['postgres', 'schema', 'temporal', 'ui']);
  });

  it('the server is its image, of the version that the native stack builds, without the development server', () => {
    expect(resolveTag(temporal!.image)).toBe(`temporalio/server:${SERVER_VERSION}`);
    expect(resolveTag(schema!.image)).toBe(`temporalio/admin-tools:${SERVER_VERSION}`);
    expect(temporal!.command).toBeNull();
    expect(read('docker-compose.postgres.yml')).not.toContain('auto-setup:');
    for (const [, { image }] of all) expect(resolveTag(image)).toMatch(/^[a-z/-]+:\d+\.\d+(\.\d+)?$/);
  });

  it('has the settings of the native server, and the databases of its schema job', () => {
    const ports = { frontend: 1, others: OTHER_PORTS.map((_, nth) => nth + 2) };
    const native = buildServerEnvironment({ postgres: { port: 5432, password: 'x' }, ports, dynamicConfigFile: 'f' });
    const own = ['DYNAMIC_CONFIG_FILE_PATH', 'LOG_LEVEL', 'FRONTEND_GRPC_PORT', ...OTHER_PORTS] as readonly string[];
    expect(Object.keys(temporal!.environment!).sort()).toEqual(
      Object.keys(native)
        .filter((name) => !own.includes(name))
        .sort(),
    );
    for (const name of ['DB', 'DB_PORT', 'DBNAME', 'VISIBILITY_DBNAME', 'POSTGRES_USER', 'TEMPORAL_ALLOW_NO_AUTH'])
      expect([name, temporal!.environment![name]]).toEqual([name, native[name]]);
    const job = schema!.command!.at(-1)!;
    for (const [database, name] of Object.entries(DATABASES)) {
      expect(job).toMatch(new RegExp(`for name in .*\\b${name}\\b`));
      expect(database).toBe(`temporal_${name}`);
    }
    expect(temporal!.configs).toHaveLength(1);
    expect(joined.configs['dynamic-config']!.content).toBe('{}');
    expect(postgres!.environment!.POSTGRES_PASSWORD).toBe(temporal!.environment!.POSTGRES_PWD);
    expect(schema!.environment!.SQL_PASSWORD).toBe(temporal!.environment!.POSTGRES_PWD);
  });

  it('publishes on loopback only, the database nowhere, and waits only for what can be waited for', () => {
    const ports = all.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toHaveLength(4);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(postgres!.ports).toBeUndefined();
    expect(ui!.ports).toHaveLength(1);
    for (const [target, { condition }] of all.flatMap(([, service]) => Object.entries(service.depends_on ?? {}))) {
      const service = joined.services[target]!;
      if (condition === 'service_healthy') expect(service.healthcheck?.test[0]).toBe('CMD');
      else expect(service.restart).toMatch(/^(no|on-failure:\d+)$/);
    }
  });
});

describe('.env.example', () => {
  it('never sets a Temporal variable blank: the SDK would take it as set', () => {
    expect(read('.env.example')).not.toMatch(/^TEMPORAL_/m);
  });

  it('holds no secret', () => {
    const names = [
      'GATEWAY_CONTROL_KEY',
      'GATEWAY_PRIVATE_KEY',
      'HASH_KEY',
      'RECEIVER_LINK_KEYS',
      'API_KEYS',
      'PAYLOAD_KEYS',
    ];
    for (const name of names) {
      expect(read('.env.example')).toMatch(new RegExp(`^${name}=$`, 'm'));
    }
  });
});

describe('Dockerfile', () => {
  const stages = read('Dockerfile')
    .split(/^(?=FROM )/m)
    .slice(1);
  const stage = (name: string) => stages.find((text) => new RegExp(`^FROM \\S+ AS ${name}$`, 'm').test(text)) ?? '';

  it('takes one base image by its digest, and runs as a user without rights of the machine', () => {
    expect(read('Dockerfile')).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+-bookworm-slim@sha256:[0-9a-f]{64}$/m);
    expect(stages.map((text) => /^FROM (\S+) AS (\S+)/.exec(text)?.slice(1))).toEqual([
      ['$NODE_IMAGE', 'build'],
      ['$NODE_IMAGE', 'base'],
      ['base', 'simulator'],
      ['base', 'product'],
    ]);
    expect(stage('base')).toMatch(/^USER node$/m);
  });

  it('the product is without the simulator, with no script but what makes keys; the simulator is without the product', () => {
    expect(stage('product')).not.toMatch(
      /dist\/simulator|dist\/?\s|dist\/scripts\/(?!(keys|demo-keys|project)\.js|\s)/,
    );
    expect(stage('simulator')).not.toContain('dist/src');
  });

  it('each image holds every file of ours that its programs import', () => {
    const programs = {
      product: [
        'src/server',
        'src/worker',
        'src/verify',
        'src/temporal/worker-health',
        'src/temporal/namespace-command',
        'scripts/keys',
      ],
      simulator: ['simulator/main', 'scripts/demo-keys'],
    };
    for (const [name, entries] of Object.entries(programs)) {
      const copied = [...stage(name).matchAll(/\/app\/dist\/(\S+)/g)].map(([, file = '']) => file);
      const isCopied = (file: string) => copied.some((one) => `${file}.js` === one || file.startsWith(`${one}/`));
      expect(filesOf(entries).filter((file) => !isCopied(file))).toEqual([]);
    }
  });
});

/** The files of ours that these import, themselves included; sources without their ending. */
function filesOf(entries: readonly string[]): string[] {
  const reached = new Set(entries);
  for (const file of reached) {
    if (file.endsWith('.json')) continue;
    for (const [, spec = ''] of read(`${file}.ts`).matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)';/gm))
      reached.add(path.posix.join(path.posix.dirname(file), spec));
  }
  return [...reached].filter((file) => file !== 'package.json');
}
