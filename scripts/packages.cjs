/**
 * Loaded before a script in TypeScript: says what is missing in an install without development packages. There keys are made by the
 * build. Plain JavaScript, because nothing else runs there.
 */
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const name = path.basename(process.argv[1] ?? '', '.ts');
if (!existsSync(path.join(root, 'node_modules', 'tsx'))) {
  const built = path.join(root, 'dist', 'scripts', `${name}.js`);
  if (name === 'keys' && existsSync(built)) {
    process.exit(spawnSync(process.execPath, [built, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1);
  }
  const or = name === 'keys' ? ', or a build in dist/' : '';
  console.error(`This command needs the development packages${or}. Install them with: npm ci --include=dev`);
  process.exit(1);
}
