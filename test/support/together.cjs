const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const TEST = path.join(__dirname, '..');

/**
 * Folders whose test files run as one in `npm test`, each group in a file of `test/together`: one by one they would load the same
 * modules, or start the same server, again and again. By its own name each file runs alone, as always.
 */
const GROUPS = {
  workflows: { folders: ['workflows'], having: /SkippedTime\(/ },
  api: { folders: ['api'] },
  rules: { folders: ['domain', 'gateway', 'net', 'config', 'notifications', 'activities'] },
  store: { folders: ['store', 'temporal', 'simulator'] },
  // Those that compute long run beside it.
  proofs: { folders: ['proofs'], except: /simulation|fuzz/ },
  // On one stack; all of them in one file would outlast the rest of the tests.
  'e2e/answers': { folders: ['e2e'], having: /joinPatientStack/, except: /payload-keys|receiver-flows/ },
  'e2e/keys': { folders: ['e2e'], having: /joinPatientStack/, except: /api|callbacks|marketplace/ },
  // Each on a stack of its own, after another; the first two on one server.
  'e2e/callers': { folders: ['e2e'], only: /(access|batches|clients|gateway-replies)\.test/ },
  'e2e/lists': { folders: ['e2e'], only: /(hostile|lists|notifications)\.test/ },
  'e2e/payouts': { folders: ['e2e'], only: /(endpoints|resets|scenarios|unreadable)\.test/ },
  'e2e/workers': { folders: ['e2e'], only: /(isolation|limits|operators|send-record)\.test/ },
  // The types of the clients depend on the order in which schemas are made.
  tools: { except: /scripts\/clients/, folders: ['scripts', 'docs', 'web', 'bench', 'support', 'deploy', 'clients'] },
};

/** What would reach the other files of a group: such a file is in none. */
const REACHES_OTHERS =
  /jest\.(mock|spyOn|useFakeTimers|isolateModules|resetModules)|process\.(env\b.* = |chdir)|delete process\.env|Runtime\.install/;

/** The test files of a group, from the root of the project. */
function membersOf(group) {
  const { folders, only = /./, having = /./, except = /^$/ } = GROUPS[group];
  return folders
    .flatMap((folder) =>
      readdirSync(path.join(TEST, folder), { recursive: true })
        .filter((file) => file.endsWith('.test.ts') && !file.startsWith('together'))
        .map((file) => path.posix.join('test', folder, file.split(path.sep).join('/'))),
    )
    .filter((file) => {
      const source = readFileSync(path.join(TEST, '..', file), 'utf8');
      return only.test(file) && having.test(source) && !except.test(file) && !REACHES_OTHERS.test(source);
    })
    .sort();
}

module.exports = { GROUPS, membersOf };
