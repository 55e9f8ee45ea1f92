import path from 'node:path';
import { projectRoot } from '../../scripts/project';

const { membersOf } = require('./together.cjs') as { membersOf: (group: string) => string[] };

/** Runs the test files of a group in this one, each as if it were alone but for the modules that are loaded. */
export function runTogether(group: string): void {
  describe.each(membersOf(group))('%s', (file) => {
    require(path.join(projectRoot, file));
  });
}
