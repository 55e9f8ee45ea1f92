import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** `docs/runbook` is beside `src`, in the sources as in the build. */
const RUNBOOK = path.join(__dirname, '../../../docs/runbook');

/** The pages of the runbook as Markdown, by attention. */
export function readRunbook(): ReadonlyMap<string, string> {
  const names = readdirSync(RUNBOOK).filter((name) => /^[a-z_]+\.md$/.test(name));
  return new Map(names.map((name) => [name.slice(0, -'.md'.length), readFileSync(path.join(RUNBOOK, name), 'utf8')]));
}
