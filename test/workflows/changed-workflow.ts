import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../scripts/project';
import { bundleWorkflows } from '../../scripts/workflow-code';
import { findBundle } from './workflow-bundle';

export type ChangeName =
  | 'wait-before-delivery'
  | 'wait-before-asking'
  | 'wait-before-rows'
  | 'wait-before-publishing'
  | 'timer-before-submit'
  // As it should be deployed: payouts that are open go the old way, new ones pause before their send.
  | 'guarded-pause'
  // The same by one who forgot the guard: no payout that was sent can be replayed.
  | 'unguarded-pause'
  | 'no-confirmation'
  | 'questions-instead-of-a-watch';

const WHICH = '@@which change@@';
const HEAD = `import { patched as hasPassed, condition as until } from '@temporalio/workflow';
const isChanged = (name: string): boolean => name === '${WHICH}';`;

/** Where the sources are changed; `from` must be there exactly once, or the change is out of date. */
const PLACES: readonly { readonly file: string; readonly from: string; readonly to: string }[] = [
  {
    file: 'notification.ts',
    from: 'const outcome = await settle(',
    to: "if (isChanged('wait-before-delivery')) await until(() => false, 1); const outcome = await settle(",
  },
  {
    file: 'late-events.ts',
    from: 'const answer = await ask(orderId);',
    to: "if (isChanged('wait-before-asking')) await until(() => false, 1); const answer = await ask(orderId);",
  },
  {
    file: 'batch.ts',
    from: 'starting = scope;',
    to: "if (isChanged('wait-before-rows')) await until(() => false, 1); starting = scope;",
  },
  {
    file: 'limit.ts',
    from: 'publish(book.usage(Date.now()));',
    to: "if (isChanged('wait-before-publishing')) await condition(() => false, 1); publish(book.usage(Date.now()));",
  },
  {
    file: 'payout.ts',
    from: 'record.current = calls.submit(current);',
    to: `{
      if (isChanged('timer-before-submit')) await until(() => false, 1);
      if (isChanged('unguarded-pause')) await until(() => false, 4_000);
      if (isChanged('guarded-pause') && hasPassed('pause-before-send')) await until(() => false, 4_000);
      record.current = calls.submit(current);
    }`,
  },
  {
    file: 'payout.ts',
    from: "if (next.step === 'confirm' || checks.areWaiting())",
    to: "if (!isChanged('no-confirmation') && (next.step === 'confirm' || checks.areWaiting()))",
  },
  {
    file: 'payout.ts',
    from: 'calls.watch(current, next.watchUntilMs)',
    to: "(isChanged('questions-instead-of-a-watch') ? calls.ask(current) : calls.watch(current, next.watchUntilMs))",
  },
];

async function bundleAll(): Promise<string> {
  const cache = path.join(projectRoot, '.cache');
  mkdirSync(cache, { recursive: true });
  const copy = mkdtempSync(path.join(cache, 'changed-workflows-'));
  const src = path.join(projectRoot, 'src');
  try {
    for (const folder of ['workflows', 'domain'])
      cpSync(path.join(src, folder), path.join(copy, folder), { recursive: true });
    for (const file of new Set(PLACES.map((place) => place.file))) {
      const changed = path.join(copy, 'workflows', file);
      let source = readFileSync(changed, 'utf8');
      for (const { from, to } of PLACES.filter((place) => place.file === file)) {
        if (source.split(from).length !== 2) throw new Error(`${file} does not hold once what is changed: ${from}`);
        source = source.replace(from, () => to);
      }
      writeFileSync(changed, `${HEAD}\n${source}`);
    }
    return await bundleWorkflows(copy, src);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The code of the workflows with this change in it, and no other. All are in one bundle, made once. */
export async function bundleChanged(change: ChangeName): Promise<string> {
  const file = await findBundle('changed', ['test/workflows/changed-workflow.ts'], bundleAll);
  return readFileSync(file, 'utf8').replaceAll(WHICH, change);
}
