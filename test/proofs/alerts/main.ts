import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../command';
import { fireAll } from './fire';
import { findPrometheus } from './prometheus';
import { DEPLOYED } from './watch';

/** Checks the alert rules with promtool; with `--fire` makes each alert fire on a running stack. */
runCommand(async () => {
  const { values } = parseArgs({ options: { fire: { type: 'boolean', default: false } } });
  const promtool = path.join(findPrometheus(), 'promtool');
  const check = (...args: string[]) => execFileSync(promtool, args, { cwd: DEPLOYED, stdio: 'inherit' });
  check('check', 'rules', 'alerts.yml');
  check('check', 'config', 'prometheus.yml');
  check('test', 'rules', 'alerts.test.yml');
  return values.fire ? await fireAll(console.log) : 0;
});
