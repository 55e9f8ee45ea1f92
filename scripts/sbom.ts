import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project';

interface Component {
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/** As much of a CycloneDX document as is looked at here. */
export interface BillOfMaterials {
  readonly metadata: { readonly component: { readonly 'bom-ref': string } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const DEVELOPMENT = 'cdx:npm:package:development';

/**
 * What of it runs in production. `npm sbom --omit dev` is not that: it leaves out whatever a development package needs too, and so two
 * thirds of what is installed.
 */
export function keepProduction(bill: BillOfMaterials): BillOfMaterials {
  const components = bill.components.filter(
    ({ properties = [] }) => !properties.some(({ name, value }) => name === DEVELOPMENT && value === 'true'),
  );
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
