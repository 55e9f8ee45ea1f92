import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hashSources } from '../../scripts/build';

const dir = mkdtempSync(path.join(tmpdir(), 'build-'));
afterAll(() => rmSync(dir, { recursive: true }));

it('changes with the content and the place of a source or a locked version, and with nothing else', () => {
  const write = (file: string, text: string): string => {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
    return hashSources(dir);
  };
  const seen = [
    write('src/a.ts', 'one'),
    write('src/a.ts', 'two'),
    write('simulator/deep/a.ts', 'two'),
    write('package-lock.json', '{}'),
  ];
  rmSync(path.join(dir, 'src/a.ts'));
  seen.push(hashSources(dir));
  expect(new Set(seen).size).toBe(5);
  expect(write('test/a.test.ts', 'x')).toBe(seen[4]);
  expect(write('dist/build.json', '{}')).toBe(seen[4]);
});
