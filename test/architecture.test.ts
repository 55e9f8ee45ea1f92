import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OF_EACH_RUN } from '../scripts/workflow-code';
import { findWorkflowBundle } from './workflows/workflow-bundle';

jest.setTimeout(60_000);

const ROOT = path.join(__dirname, '..');
const FOLDERS = ['src', 'simulator', 'scripts', 'web'];

function listFiles(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}

const SOURCES = FOLDERS.flatMap(listFiles)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, source: readFileSync(path.join(ROOT, file), 'utf8') }));

/** Each of these files imports one thing too much. */
const FORBIDDEN: readonly (readonly [file: string, source: string])[] = [
  ['src/domain/planted-gateway.ts', "import { sign } from '../gateway/client';"],
  ['src/domain/planted-workflow.ts', "import type { PayoutInput } from '../workflows/messages';"],
  ['src/domain/planted-node.ts', "import { randomUUID } from 'node:crypto';"],
  ['src/domain/planted-package.ts', "import { z } from 'zod';"],
  ['src/domain/planted-config.ts', "import { config } from '../config/config';"],
  ['src/gateway/planted-activities.ts', "import { activities } from '../activities/activities';"],
  ['src/gateway/planted-workflow.ts', "import { signal } from '../workflows/messages';"],
  ['src/gateway/planted-temporal.ts', "import { Context } from '@temporalio/activity';"],
  ['src/gateway/planted-zod.ts', "import { z } from 'zod';"],
  ['src/activities/planted-messages.ts', "import { signal } from '../workflows/messages';"],
  ['src/activities/planted-workflow.ts', "import type { payout } from '../workflows/payout';"],
  ['src/activities/planted-config.ts', "import { config } from '../config/config';"],
  ['src/activities/planted-api.ts', "import { app } from '../api/app';"],
  ['src/activities/planted-client.ts', "import { Client } from '@temporalio/client';"],
  ['src/workflows/planted-activities.ts', "import { activities } from '../activities/activities';"],
  ['src/workflows/planted-reexport.ts', "export { activities } from '../activities/activities';"],
  ['src/workflows/planted-gateway.ts', "import type { Client } from '../gateway/client';"],
  ['src/workflows/planted-config.ts', "import type { Config } from '../config/config';"],
  ['src/workflows/planted-node.ts', "import { createHash } from 'node:crypto';"],
  ['src/workflows/planted-zod.ts', "import { z } from 'zod';"],
  ['src/workflows/planted-undici.ts', "import { request } from 'undici';"],
  ['src/api/planted-activities.ts', "import type { Activities } from '../activities/activities';"],
  ['src/api/planted-gateway.ts', "import { client } from '../gateway/client';"],
  ['src/api/planted-workflow.ts', "import { payout } from '../workflows/payout';"],
  ['src/api/planted-config.ts', "import { config } from '../config/config';"],
  ['src/api/planted-messages.ts', "import { signal } from '../workflows/messages';"],
  ['src/api/planted-types.ts', "import type { payout } from '../workflows/payout';"],
  ['src/store/planted-workflow.ts', "import { payout } from '../workflows/payout';"],
  ['src/store/planted-api.ts', "import { app } from '../api/app';"],
  ['src/api/planted-client.ts', "import { Client } from '@temporalio/client';"],
  ['src/api/planted-worker.ts', "import { Worker } from '@temporalio/worker';"],
  ['src/api/planted-undici.ts', "import { request } from 'undici';"],
  ['src/notifications/planted-app.ts', "import { app } from '../api/app';"],
  ['src/notifications/planted-gateway.ts', "import { client } from '../gateway/client';"],
  ['src/notifications/planted-temporal.ts', "import { Client } from '@temporalio/client';"],
  ['src/workflows/planted-notifications.ts', "import { sign } from '../notifications/signature';"],
  ['src/domain/planted-notifications.ts', "import { sign } from '../notifications/signature';"],
  ['src/temporal/planted-domain.ts', "import { money } from '../domain/money';"],
  ['src/server.ts', "import { Worker } from '@temporalio/worker';"],
  ['src/worker.ts', "import { app } from './api/app';"],
  ['src/verify.ts', "import { app } from './api/app';"],
  ['src/temporal/planted-gateway.ts', "import { client } from '../gateway/client';"],
  ['src/temporal/planted-workflow.ts', "import { payout } from '../workflows/payout';"],
  ['simulator/planted-domain.ts', "import { money } from '../src/domain/money';"],
  ['simulator/planted-type.ts', "import type { Money } from '../src/domain/money';"],
  ['simulator/planted-package.ts', "import { request } from 'undici';"],
  ['src/api/planted-simulator.ts', "import { main } from '../../simulator/main';"],
  ['src/domain/planted-script.ts', "import { build } from '../../scripts/build';"],
  ['src/gateway/planted-test.ts', "import { vectors } from '../../test/vectors';"],
  ['scripts/planted-product.ts', "import { money } from '../src/domain/money';"],
  ['scripts/planted-simulator.ts', "import { main } from '../simulator/main';"],
  ['scripts/docs.ts', "import { money } from '../src/domain/money';"],
  ['scripts/planted-test.ts', "import { vectors } from '../test/vectors';"],
  ['web/operate/planted-product.js', "import { money } from '../../src/domain/money';"],
];

/** Each of these is as near to a forbidden one as is allowed. */
const ALLOWED: readonly (readonly [file: string, source: string])[] = [
  ['src/domain/fine-decimal.ts', "import Big from 'big.js';"],
  ['src/gateway/fine-domain.ts', "import { money } from '../domain/money';"],
  ['src/activities/fine-messages.ts', "import type { PayoutInput } from '../workflows/messages';"],
  ['src/activities/fine-gateway.ts', "import { client } from '../gateway/client';"],
  ['src/workflows/fine-activities.ts', "import type { Activities } from '../activities/activities';"],
  ['src/store/payouts.ts', "import { Client } from '@temporalio/client';"],
  ['src/notifications/event.ts', "import { viewPayout } from '../domain/view';"],
  ['src/activities/fine-notifications.ts', "import { sign } from '../notifications/signature';"],
  ['src/temporal/fine-client.ts', "import { Client } from '@temporalio/client';"],
  ['simulator/fine.ts', "import { createHash } from 'node:crypto';"],
];

const STUBS = [
  'src/domain/money.ts',
  'src/gateway/client.ts',
  'src/activities/activities.ts',
  'src/workflows/messages.ts',
  'src/workflows/payout.ts',
  'src/api/app.ts',
  'src/domain/view.ts',
  'src/notifications/signature.ts',
  'src/config/config.ts',
  'simulator/main.ts',
  'scripts/build.ts',
  'test/vectors.ts',
];

interface Cruise {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

/** Runs the dependency cruiser of the project over other files than the project's. */
async function cruise(files: readonly (readonly [string, string])[]): Promise<Cruise['summary']['violations']> {
  const cache = path.join(ROOT, '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'planted-'));
  try {
    for (const [file, source] of [...STUBS.map((stub) => [stub, 'export {};'] as const), ...files]) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), source);
    }
    const program = path.join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
    const options = ['--config', path.join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json'];
    const text = await new Promise<string>((resolve) => {
      execFile(process.execPath, [program, ...options, ...FOLDERS], { cwd: folder }, (_, stdout) => resolve(stdout));
    });
    return (JSON.parse(text) as Cruise).summary.violations;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('who imports whom', () => {
  it('is enforced by the lint command on every planted file, and on no other', async () => {
    const violations = await cruise([...FORBIDDEN, ...ALLOWED]);
    const caught = violations.filter(({ rule }) => rule.name !== 'resolvable').map(({ from }) => from);
    expect([...new Set(caught)].sort()).toEqual(FORBIDDEN.map(([file]) => file).sort());
    expect(violations.filter(({ rule }) => rule.name === 'resolvable')).toEqual([]);
  });
});

describe('the workflow bundle', () => {
  it('holds the workflows, the domain, and nothing that acts', async () => {
    const code = readFileSync(await findWorkflowBundle(), 'utf8');
    const map = /sourceMappingURL=data:application\/json;charset=utf-8;base64,([A-Za-z0-9+/=]+)/.exec(code)?.[1] ?? '';
    const { sources } = JSON.parse(Buffer.from(map, 'base64').toString()) as { sources: string[] };
    const own = sources
      .filter((source) => source.startsWith(`${ROOT}/`) && !source.includes('/node_modules/'))
      .map((source) => path.posix.dirname(source.slice(ROOT.length + 1)));
    expect([...new Set(own)].sort()).toEqual(['src/domain', 'src/temporal', 'src/workflows']);
    const converter = sources
      .filter((source) => source.startsWith(`${ROOT}/src/temporal/`))
      .map((file) => path.basename(file));
    expect(converter.sort()).toEqual(['failure-converter.ts']);
    const packages = sources.flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
    expect([...new Set(packages)].sort()).toEqual([
      '@temporalio/common',
      '@temporalio/workflow',
      'big.js',
      'long',
      'ms',
      'nexus-rpc',
    ]);
    const program = code.slice(0, code.indexOf('//# sourceMappingURL'));
    for (const foreign of ['createActivities', 'createGatewayClient', 'createPayloadCodec', 'undici', 'zod', 'node:'])
      expect(
        program
          .split('\n')
          .filter((line) => line.includes(`require("${foreign}`) || line.includes(`function ${foreign}(`)),
      ).toEqual([]);
  });

  const STATE =
    /^(?:export )?(?:let|var)\b|^(?:export )?const \w+(?:: (?!Readonly|readonly)[^=]*)? = (?:\[\]|\{\}|new )/m;

  it('shares between runs only what has no state', () => {
    const holding = SOURCES.filter(
      ({ file, source }) => /^src\/(?:domain|workflows)\//.test(file) && STATE.test(source),
    );
    expect(holding.map(({ file }) => path.basename(file)).filter((file) => !OF_EACH_RUN.includes(file))).toEqual([]);
    expect(holding.length).toBeGreaterThan(0);
    for (const planted of [
      'let runs = 0;',
      'const seen = new Map<string, number>();',
      'export const all: string[] = [];',
    ])
      expect(STATE.test(planted)).toBe(true);
  });
});

const linesOf = (source: string) => source.trimEnd().split('\n').length;
const isSource = (file: string) => SOURCES.some((known) => known.file === file);

const LISTS = [
  ...['src/store/list-filter.ts', 'src/store/payout-list.ts', 'src/api/payouts/cursor.ts'],
  ...['src/api/payouts/list-query.ts', 'src/api/payouts/list-routes.ts', 'src/api/payouts/export-details.ts'],
];
/** Where the code of a payout begins in each process that it passes. */
const FROM_POST_TO_SOCKET = [
  ...['src/api/payouts/start-routes.ts', 'src/store/payouts.ts', 'src/workflows/payout.ts'],
  ...['src/activities/activities.ts', 'src/gateway/client.ts'],
];

/** All files that these load, themselves among them. */
function reach(files: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (file: string) => {
    const source = SOURCES.find((known) => known.file === file)?.source;
    if (source === undefined || found.has(file)) return;
    found.add(file);
    for (const [, names = '', from = ''] of source.matchAll(/^(?:import|export) (?!type )([^;]*?) from '(\.[^']+)'/gm))
      if (!/^\{(\s*type \w+,?)+\s*\}$/.test(names)) visit(`${path.posix.join(path.posix.dirname(file), from)}.ts`);
  };
  for (const file of files) visit(file);
  return found;
}

describe('sizes', () => {
  it('no file has over 300 lines', () => {
    expect(SOURCES.filter(({ source }) => linesOf(source) > 300).map(({ file }) => file)).toEqual([]);
  });

  it('half of the product has at most 80 lines a file', () => {
    const sizes = SOURCES.filter(({ file }) => file.startsWith('src/'))
      .map(({ source }) => linesOf(source))
      .sort((left, right) => left - right);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(80);
  });

  /** See docs/adr/0028-size-targets.md. */
  it('no part grows unseen', () => {
    const linesIn = (files: readonly string[]) =>
      files.reduce((sum, file) => sum + linesOf(readFileSync(path.join(ROOT, file), 'utf8')), 0);
    const proofs = listFiles('test/proofs').filter(
      (file) => file.endsWith('.ts') && !/\/test\/|\.test\.ts$/.test(file),
    );
    const words = ['README.md', ...listFiles('docs').filter((file) => file.endsWith('.md'))].reduce(
      (sum, file) => sum + readFileSync(path.join(ROOT, file), 'utf8').trim().split(/\s+/).length,
      0,
    );
    const sizes = {
      'words of README and docs': words,
      'lines of src/api': linesIn(SOURCES.map(({ file }) => file).filter((file) => file.startsWith('src/api/'))),
      'lines of lists': linesIn(LISTS),
      'lines of proofs': linesIn(proofs),
      'files from a POST to the socket': reach(FROM_POST_TO_SOCKET).size,
    };
    const bounds = {
      'words of README and docs': 27_200,
      'lines of src/api': 7_600,
      'lines of lists': 700,
      'lines of proofs': 9_100,
      'files from a POST to the socket': 120,
    };
    expect(Object.entries(sizes).filter(([what, size]) => size > bounds[what as keyof typeof bounds])).toEqual([]);
    for (const size of Object.values(sizes)) expect(size).toBeGreaterThan(60);
  });

  it.each(['src/server.ts', 'src/worker.ts', 'simulator/main.ts'])(
    '%s, which only puts together, has at most 70',
    (file) => {
      expect(isSource(file)).toBe(true);
      expect(linesOf(readFileSync(path.join(ROOT, file), 'utf8'))).toBeLessThanOrEqual(70);
    },
  );
});

const EMPTY_NAME = /(^|[-/.])(utils?|helpers?|common|managers?|services?|impl)([-/.]|$)/;
const EMPTY_EXPORT =
  /^export (?:const|function|async function|class|interface|type) (\w*(?:Utils?|Helpers?|Manager|Service|Impl))\b/gm;
/** The wire's spellings; the gateway's context path in an example address is none. */
const WIRE_NAME = /\bpaynet\b(?<!example\.com\/paynet)|client_orderid|merchant-order-id|merchant_order|\borderid\b/;

describe('names', () => {
  it('say something', () => {
    const files = [...FOLDERS, 'test'].flatMap(listFiles).filter((file) => file.endsWith('.ts'));
    expect(files.filter((file) => EMPTY_NAME.test(file))).toEqual([]);
    expect(SOURCES.flatMap(({ source }) => [...source.matchAll(EMPTY_EXPORT)].map(([, name]) => name))).toEqual([]);
    expect(
      ['src/api/utils.ts', 'src/common/money.ts', 'src/payout-service.ts'].filter((file) => !EMPTY_NAME.test(file)),
    ).toEqual([]);
  });

  it('are kebab-case', () => {
    expect(SOURCES.filter(({ file }) => !/^[a-z0-9-]+(\/[a-z0-9-]+)*\.ts$/.test(file)).map(({ file }) => file)).toEqual(
      [],
    );
  });

  it('of the wire are spelled in the gateway folder only', () => {
    const spelled = SOURCES.filter(({ source }) => WIRE_NAME.test(source)).map(({ file }) => file);
    expect(spelled.filter((file) => file.startsWith('src/') && !file.startsWith('src/gateway/'))).toEqual([]);
    expect(spelled).toContain('src/gateway/protocol.ts');
    for (const name of ['paynet-order-id', 'client_orderid', "'orderid'"]) expect(WIRE_NAME.test(name)).toBe(true);
    for (const name of ['orderId', 'GatewayOrderId', 'https://sandbox.example.com/paynet'])
      expect(WIRE_NAME.test(name)).toBe(false);
  });
});

it('the folders that the design names are there', () => {
  const folders = ['domain', 'gateway', 'activities', 'workflows', 'api', 'temporal'].map((folder) => `src/${folder}`);
  expect([...folders, 'simulator', 'scripts'].filter((folder) => !existsSync(path.join(ROOT, folder)))).toEqual([]);
});
