import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { version } from '../../package.json';
import { readConfig } from '../../src/config/config';
import { ENVIRONMENT } from '../../src/config/environment';
import { LEAST_ENVIRONMENT } from '../config/environment-samples';

interface Values {
  readonly keys: { readonly variables?: Readonly<Record<string, string>> };
  readonly settings?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

const root = path.join(__dirname, '../..');
const chart = path.join(root, 'deploy/helm/payouts');
const read = (file: string): string => readFileSync(path.join(chart, file), 'utf8');
const defaults = parse(read('values.yaml')) as Values;
const templates = readdirSync(path.join(chart, 'templates')).map((file) => read(`templates/${file}`));

/** What stands in a Secret, by the entry's name; the chart never sees it. */
const SECRETS: Readonly<Record<string, string | undefined>> = {
  'hash-key': Buffer.alloc(32, 1).toString('base64'),
  'receiver-link-keys': Buffer.alloc(32, 2).toString('base64'),
  'payload-keys': `first:${Buffer.alloc(32, 3).toString('base64')}`,
  'api-keys': JSON.stringify([
    { name: 'shop', scopes: ['payouts:read'], hash: `sha256:${'a'.repeat(64)}`, expires: '2027-01-01' },
  ]),
  control: LEAST_ENVIRONMENT.GATEWAY_CONTROL_KEY,
  'control-euros': 'A1B2C3D4-0000-0000-0000-000000000001',
  'control-dollars': 'A1B2C3D4-0000-0000-0000-000000000002',
  'private.pem': LEAST_ENVIRONMENT.GATEWAY_PRIVATE_KEY,
  'notifications.json': '[]',
};

/** As the templates do it. */
function makeEnvironment({ keys, settings = {}, files = {} }: Values): NodeJS.ProcessEnv {
  const variables = Object.entries({ ...defaults.keys.variables, ...keys.variables });
  return {
    ...settings,
    ...Object.fromEntries(variables.map(([name, entry]) => [name, `/etc/payouts/keys/${entry}`])),
    ...('endpoints.json' in files ? { ENDPOINTS_FILE: '/etc/payouts/config/endpoints.json' } : {}),
    ...('branding.json' in files ? { BRANDING_FILE: '/etc/payouts/config/branding.json' } : {}),
  };
}

describe('the Helm chart', () => {
  it.each(readdirSync(path.join(chart, 'examples')))('%s starts the product', (file) => {
    const values = parse(read(`examples/${file}`)) as Values;
    const mounted = (name: string): string => {
      const text = SECRETS[path.basename(name)] ?? values.files?.[path.basename(name)];
      if (text === undefined) throw new Error(`not mounted: ${name}`);
      return text;
    };
    const { endpoints, brands } = readConfig(makeEnvironment(values), mounted);
    expect(endpoints.map(({ name }) => name)).toEqual(file === 'cloud.yaml' ? ['euros', 'dollars'] : ['default']);
    expect(brands).toHaveLength(file === 'cloud.yaml' ? 1 : 0);
  });

  it('knows every secret setting, and takes none in clear', () => {
    const schema = JSON.parse(read('values.schema.json'));
    const secrets = Object.entries(ENVIRONMENT).filter(([, variable]) => 'secret' in variable);
    const ofLibraries = ['OTEL_EXPORTER_OTLP_HEADERS', 'TEMPORAL_API_KEY'];
    const refused = [...secrets.map(([name]) => name), ...ofLibraries].sort();
    expect(schema.properties.settings.propertyNames.not.enum).toEqual(refused);
  });

  it('sets only settings that the product reads', () => {
    const names = templates.flatMap((text) =>
      [...text.matchAll(/name: ([A-Z][A-Z0-9_]+)/g)].map(([, name = '']) => name),
    );
    expect(names.length).toBeGreaterThan(10);
    const unknown = names.filter((name) => !name.startsWith('TEMPORAL_') && !(name in ENVIRONMENT));
    expect(unknown).toEqual([]);
  });

  it('starts programs that the image has', () => {
    const programs = new Set(templates.flatMap((text) => text.match(/dist\/src\/[\w/.-]+\.js/g) ?? []));
    expect(programs.size).toBe(4);
    for (const program of programs)
      expect(existsSync(path.join(root, program.replace('dist/', '').replace('.js', '.ts')))).toBe(true);
  });

  it('is of the version of the product', () => {
    expect(parse(read('Chart.yaml'))).toMatchObject({ version, appVersion: version });
  });
});
