import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { describeError, projectRoot } from '../../../scripts/project';
import { startStack } from '../../support/stack';
import { authorize } from './harness';

const VERSION = '4.32.5';
const FOLDER = path.join(projectRoot, '.cache', `schemathesis-${VERSION}`);
/** What the published contract promises of every answer. Which data is accepted is checked by our own fuzzer, which knows the rules. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];

/** Fetches the pinned version from PyPI into `.cache`, once. @throws when there is no python3 with pip */
function ensureSchemathesis(): void {
  if (existsSync(path.join(FOLDER, 'schemathesis'))) return;
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', FOLDER];
  execFileSync('python3', [...args, `schemathesis==${VERSION}`], { stdio: 'inherit' });
}

/**
 * `npm run fuzz:schemathesis -- [--examples 50] [--seed 1] [--api-key KEY]`: lets schemathesis make requests from `/openapi.json` of a
 * running stack. Its exit code is ours.
 */
async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { examples: text, seed: text, 'api-key': text } });
  ensureSchemathesis();
  const stack = await startStack({ temporal: 'shared' });
  try {
    const headers = Object.entries(authorize({ apiKey: values['api-key'] ?? null }));
    const args = [
      ...['-m', 'schemathesis.cli', 'run', `${stack.api}/openapi.json`, '--url', stack.api],
      ...['--checks', CHECKS.join(','), '--seed', values.seed ?? '1', '--max-examples', values.examples ?? '50'],
      ...['--phases', 'examples,coverage,fuzzing', '--workers', '2', '--request-timeout', '20', '--no-color'],
      ...headers.flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ];
    const env = { ...process.env, PYTHONPATH: FOLDER };
    const child = spawn('python3', args, { env, stdio: ['ignore', 'inherit', 'inherit'], cwd: path.dirname(FOLDER) });
    const [code] = await once(child, 'close');
    process.exitCode = typeof code === 'number' ? code : 1;
  } finally {
    await stack.stop();
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(describeError(error));
    process.exit(1);
  },
);
