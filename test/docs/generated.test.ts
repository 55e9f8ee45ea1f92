import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import { formatConfigurationTable, formatScenarioTable, GENERATED, replaceBlock } from '../../scripts/docs';
import { SCENARIOS } from '../../simulator/scenarios';
import { ENVIRONMENT } from '../../src/config/environment';
import { documentNamed, ROOT, tableRows } from './documents';

test.each(GENERATED)('the generated block of $file is up to date', ({ file, render }) => {
  const { text } = documentNamed(file);
  expect(render(text)).toBe(text);
});

test('every scenario and every variable has its row', () => {
  const rows = (table: string) => table.split('\n').length - 2;
  expect(rows(formatScenarioTable(SCENARIOS))).toBe(SCENARIOS.length);
  expect(rows(formatConfigurationTable(ENVIRONMENT))).toBe(Object.keys(ENVIRONMENT).length);
});

test('a variable shows its default, or that it has none, or that it must be set; a secret its second name', () => {
  const table = formatConfigurationTable({
    A: { schema: z.string(), meaning: 'must' },
    B: { schema: z.string().default('b'), meaning: 'may' },
    C: { schema: z.string().default('c'), shown: 'see c', meaning: 'shown | otherwise' },
    D: { schema: z.string().optional(), secret: true, meaning: 'secret' },
  });
  expect(tableRows(table).slice(2)).toEqual([
    ['`A`', '**required**', 'must'],
    ['`B`', '`b`', 'may'],
    ['`C`', 'see c', 'shown \\| otherwise'],
    ['`D` or `D_FILE`', 'unset', 'secret'],
  ]);
  expect(new Set(table.split('\n').map((line) => line.length)).size).toBe(1);
});

test('a block is replaced between its markers, the rest stays', () => {
  const text = 'a\n<!-- generated: x -->\nold\n<!-- end: x -->\nb';
  expect(replaceBlock(text, 'x', 'new')).toBe('a\n<!-- generated: x -->\n\nnew\n\n<!-- end: x -->\nb');
});

test.each([
  ['none', 'a'],
  ['no end', '<!-- generated: x -->'],
  ['twice', '<!-- generated: x --><!-- end: x --><!-- generated: x --><!-- end: x -->'],
  ['two ends', '<!-- generated: x --><!-- end: x --><!-- end: x -->'],
  ['backwards', '<!-- end: x --><!-- generated: x -->'],
])('markers that do not stand once and in order are refused: %s', (_name, text) => {
  expect(() => replaceBlock(text, 'x', 'new')).toThrow(/^x: expected the markers/);
});

test('the check passes on the documents as they are', () => {
  const tsx = path.join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const { status, stderr } = spawnSync(process.execPath, [tsx, 'scripts/docs.ts', '--check'], { cwd: ROOT });
  expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
});
