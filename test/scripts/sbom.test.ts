import { readFileSync } from 'node:fs';
import path from 'node:path';
import { keepProduction, readBillOfMaterials } from '../../scripts/sbom';

test('the bill of materials lists exactly the locked packages that are not for development', () => {
  const { packages } = JSON.parse(readFileSync(path.join(__dirname, '../../package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; dev?: boolean }>;
  };
  const expected = Object.entries(packages)
    .filter(([folder, { dev }]) => folder !== '' && dev !== true)
    .map(([folder, { version }]) => `${folder.slice(folder.lastIndexOf('node_modules/') + 13)}@${version}`);
  const bill = keepProduction(readBillOfMaterials());
  expect(new Set(bill.components.map((component) => component['bom-ref']))).toEqual(new Set(expected));
  const known = new Set([...expected, bill.metadata.component['bom-ref']]);
  const named = bill.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
  expect(named.length).toBeGreaterThan(expected.length);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
}, 60_000);
