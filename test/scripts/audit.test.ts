import { concludeAudit, readAuditReport } from '../../scripts/audit';

const report = (vulnerabilities: object) => JSON.stringify({ auditReportVersion: 2, vulnerabilities });

test.each([
  ['nothing found', report({}), { verdict: 'clean' }],
  ['small ones only', report({ a: { severity: 'moderate' }, b: { severity: 'low' } }), { verdict: 'clean' }],
  [
    'high and critical',
    report({ a: { severity: 'high' }, b: { severity: 'critical' }, c: { severity: 'moderate' } }),
    { verdict: 'vulnerable', packages: ['a (high)', 'b (critical)'] },
  ],
  ['no audit service', '{"message":"405 Method Not Allowed","statusCode":405}', { verdict: 'unavailable' }],
  ['a report of another shape', '{"auditReportVersion":3,"vulnerabilities":{}}', { verdict: 'unavailable' }],
  ['nothing at all', '', { verdict: 'unavailable' }],
  ['null', 'null', { verdict: 'unavailable' }],
])('%s', (_what, text, expected) => expect(readAuditReport(text)).toEqual(expected));

test('holes fail the run, and so does an audit that was required and not done', () => {
  const vulnerable = { verdict: 'vulnerable', packages: ['a (high)'] } as const;
  const unavailable = { verdict: 'unavailable' } as const;
  const codes = [vulnerable, unavailable, { verdict: 'clean' } as const].flatMap((verdict) =>
    [false, true].map((isRequired) => concludeAudit(verdict, isRequired).exitCode),
  );
  expect(codes).toEqual([1, 1, 0, 1, 0, 0]);
  expect(concludeAudit(unavailable, false).text).toContain('NOT DONE');
  expect(concludeAudit(vulnerable, false).text).toContain('a (high)');
});
