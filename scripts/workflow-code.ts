import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

const INTERCEPTORS = 'workflows/trace-context.ts';
// The sandbox loads its own copy of the failure converter, so the bundle must contain it.
const FAILURE_CONVERTER = 'temporal/failure-converter.ts';
/** Evaluated for each run, because they hold what belongs to one; everything else is evaluated once and frozen. */
export const OF_EACH_RUN = ['index.ts', 'reset-watch.ts'];

/** What is the same for all runs: evaluating it for each of them was a quarter of a payout's work in the sandbox. */
function listShared(src: string): string[] {
  const folders = ['domain', 'workflows']
    .map((folder) => path.join(src, folder))
    .filter((folder) => existsSync(folder));
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && !OF_EACH_RUN.includes(file))
      .sort()
      .map((file) => path.join(folder, file)),
  );
}

/** The workflows of a source folder as the one file that workers load. `converters`: the folder that holds the failure converter. */
export async function bundleWorkflows(src: string, converters = src): Promise<string> {
  const failureConverterPath = path.join(converters, FAILURE_CONVERTER);
  const hasConverter = existsSync(failureConverterPath);
  const interceptorsPath = path.join(src, INTERCEPTORS);
  const hasInterceptors = existsSync(interceptorsPath);
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(src, 'workflows', 'index.ts'),
    ...(hasConverter ? { failureConverterPath } : {}),
    workflowInterceptorModules: hasInterceptors ? [interceptorsPath] : [],
    preloadModules: [...listShared(src), ...(hasConverter ? [failureConverterPath] : [])],
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error },
  });
  return code;
}
