import { execFile } from 'node:child_process';
import { projectRoot } from './project';

/** What an audit came to. `unavailable`: the registry has no audit service, or gave no report. */
export type AuditVerdict =
  | { readonly verdict: 'clean' | 'unavailable' }
  | { readonly verdict: 'vulnerable'; readonly packages: readonly string[] };

const SERIOUS = ['high', 'critical'];

/** Reads npm's JSON report: known holes of severity high and above, by package. */
export function readAuditReport(report: string): AuditVerdict {
  const parsed = parseObject(report);
  const found = parsed?.vulnerabilities;
  if (typeof found !== 'object' || found === null || parsed?.auditReportVersion !== 2)
    return { verdict: 'unavailable' };
  const packages = Object.entries(found as Record<string, { severity?: string }>)
    .filter(([, { severity }]) => SERIOUS.includes(severity ?? ''))
    .map(([name, { severity }]) => `${name} (${severity})`);
  return packages.length === 0 ? { verdict: 'clean' } : { verdict: 'vulnerable', packages };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/** What to print, and whether the run fails. Without a report nothing is known, which is no success where an audit is required. */
export function concludeAudit(verdict: AuditVerdict, isRequired: boolean): { text: string; exitCode: 0 | 1 } {
  switch (verdict.verdict) {
    case 'clean':
      return { text: 'audit: no production package has a known hole of severity high or above', exitCode: 0 };
    case 'vulnerable':
      return { text: `audit: known holes of severity high or above:\n  ${verdict.packages.join('\n  ')}`, exitCode: 1 };
    case 'unavailable':
      return {
        text: `audit: NOT DONE. The registry answers no audit. Known holes are not looked for in this run${isRequired ? '' : ' (AUDIT_REQUIRED=1 makes this a failure)'}.`,
        exitCode: isRequired ? 1 : 0,
      };
  }
}

/** npm exits 1 both on holes and on trouble: its report alone tells. */
function runAudit(): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      'npm',
      ['audit', '--omit=dev', '--json'],
      { cwd: projectRoot, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout) => resolve(stdout),
    );
  });
}

if (require.main === module) {
  void runAudit().then((report) => {
    const { text, exitCode } = concludeAudit(readAuditReport(report), process.env.AUDIT_REQUIRED === '1');
    process.stdout.write(`${text}\n`);
    process.exitCode = exitCode;
  });
}
