import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project';

interface Component {
  readonly 'bom-ref': string;
}

/** The parts of a CycloneDX document that are used here. */
export interface BillOfMaterials {
  readonly metadata: { readonly component: { readonly 'bom-ref': string } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** Name and version of every locked package that is installed for production. */
function readProductionRefs(): ReadonlySet<string> {
  const { packages } = JSON.parse(readFileSync(path.join(projectRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; dev?: boolean }>;
  };
  const installed = Object.entries(packages).filter(([folder, { dev }]) => folder !== '' && dev !== true);
  const after = 'node_modules/';
  return new Set(
    installed.map(([folder, { version }]) => `${folder.slice(folder.lastIndexOf(after) + after.length)}@${version}`),
  );
}

/**
 * The part that production installs. `npm sbom --omit dev` is wrong: it also omits what a development package needs. npm's own marks
 * are wrong, too: a package that is installed twice has the mark of the first.
 */
export function keepProduction(bill: BillOfMaterials, production = readProductionRefs()): BillOfMaterials {
  const components = bill.components.filter((component) => production.has(component['bom-ref']));
  const kept = new Set([...components, bill.metadata.component].map((component) => component['bom-ref']));
  const dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((target) => kept.has(target)) }));
  return { ...bill, components, dependencies };
}

/** The bill of materials of the lock (CycloneDX, by npm itself), of all platforms. */
export function readBillOfMaterials(): BillOfMaterials {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
  const text = execFileSync('npm', args, { cwd: projectRoot, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(text) as BillOfMaterials;
}

if (require.main === module) {
  const file = path.resolve(process.argv[2] ?? path.join(projectRoot, '.cache', 'sbom.cdx.json'));
  const bill = keepProduction(readBillOfMaterials());
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
  process.stdout.write(`${bill.components.length} packages in ${file}\n`);
}
