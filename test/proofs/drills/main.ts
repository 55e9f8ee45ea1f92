import { parseArgs } from 'node:util';
import { findFreePort } from '../../../scripts/ports';
import { PATIENT, QUICK_TASKS, withProduct } from '../../support/quick';
import { startStack } from '../../support/stack';
import { watchStack } from '../alerts/watch';
import { runCommand } from '../command';
import { type LeftOut, openDrill } from './drill';
import { DRILLS, type Played } from './drills';

const USAGE = `npm run drill -- ${Object.keys(DRILLS).join('|')} [--without trouble|step]

Makes the trouble on a stack of its own, and takes the steps of the runbook. Exit code 0 when every sign came and the steps worked.
--without shows that it can fail.`;

const isDrill = (name: string): name is keyof typeof DRILLS => Object.hasOwn(DRILLS, name);

function readArguments(): { name: keyof typeof DRILLS; without: LeftOut } {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { without: { type: 'string' } } });
  const [name = ''] = positionals;
  const { without = null } = values;
  const isKnown = without === null || without === 'trouble' || without === 'step';
  if (!isDrill(name) || !isKnown) throw new RangeError(USAGE);
  return { name, without };
}

runCommand(async () => {
  const { name, without } = readArguments();
  const { play, product = {} }: Played = DRILLS[name];
  const badMetrics = `127.0.0.1:${await findFreePort([], new Set())}`;
  const stack = await startStack({ ...withProduct(PATIENT, product), temporalSettings: QUICK_TASKS, metrics: true });
  try {
    const prometheus = await watchStack(stack, name === 'bad_deploy' ? [badMetrics] : []);
    try {
      await play(openDrill({ stack, prometheus, print: console.log, without }), badMetrics);
      console.log(`${name}: every sign came, and the steps worked`);
      return 0;
    } finally {
      await prometheus.stop();
    }
  } finally {
    await stack.stop();
  }
});
