import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { METRICS } from '../../src/domain/metrics';
import type { NeedsPerson } from '../../src/store/counts-reader';
import { exists } from '../docs/documents';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

const DEPLOY = path.join(__dirname, '..', '..', 'deploy');
const read = (file: string) => readFileSync(path.join(DEPLOY, file), 'utf8');
const { groups } = parse(read('prometheus/alerts.yml')) as { groups: { rules: Alert[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);

/** Whom each reason calls. One that is not decided here does not compile. */
const CALLS: Readonly<Record<NeedsPerson, 'page' | 'ticket'>> = {
  gateway_unreachable: 'page',
  gateway_unreadable: 'page',
  gateway_forbids: 'page',
  endpoint_paused: 'page',
  endpoint_not_served: 'page',
  outcome_unknown: 'page',
  deadline_passed: 'page',
  conflict: 'page',
  amount_mismatch: 'page',
  order_id_mismatch: 'page',
  other_transaction: 'page',
  adopted_unseen: 'page',
  not_followed: 'page',
  post_payout_event: 'page',
  approval_blocked: 'ticket',
  act_awaits_approval: 'ticket',
  never_confirmed: 'ticket',
  ended_in_error: 'ticket',
  limit_reached: 'ticket',
  hook_held: 'ticket',
  hook_unanswered: 'ticket',
  unlisted_status: 'ticket',
  order_not_found: 'ticket',
  redirect_unusable: 'ticket',
  unmatched_callback: 'ticket',
  notification_dead: 'ticket',
};
const REASONS = Object.keys(CALLS) as NeedsPerson[];
const reasonsIn = ({ expr }: Alert) => /attention_items\{attention=~"([^"]*)"\}/.exec(expr)?.[1]?.split('|') ?? [];

/** Of the Temporal SDK and of Prometheus; `npm run alerts -- --fire` sees the SDK's on a running worker. */
const OTHERS = [
  'up',
  'temporal_sticky_cache_size',
  'temporal_worker_task_slots_available',
  'temporal_workflow_task_execution_failed',
];
const KNOWN = new Set<string>([
  ...OTHERS,
  ...Object.entries(METRICS).flatMap(([name, { kind }]) =>
    kind === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => name + end) : [name],
  ),
]);

/** What a query reads: words that are no function, label, value or keyword. */
function metricsIn(expr: string): string[] {
  const bare = expr
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\b(by|without|on|ignoring) *\([^)]*\)/g, '')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, '');
  const words = [...bare.matchAll(/[a-z_]+(?!\w|\s*\()/g)].map(([word]) => word);
  return words.filter((word) => !['unless', 'and', 'or'].includes(word));
}

describe.each(alerts)('$alert', ({ expr, labels, annotations, ...alert }) => {
  it('says whom it calls, what is wrong, and where the page is that helps', () => {
    expect(['page', 'ticket']).toContain(labels.severity);
    expect(annotations.summary).not.toBe('');
    expect(annotations.runbook_url).toMatch(/^docs\/runbook\/[^/]+\.md$/);
    const reasons = reasonsIn({ expr, labels, annotations, ...alert });
    const named = reasons.length > 0 ? reasons : REASONS;
    const pages = annotations.runbook_url.includes('{{')
      ? named.map((reason) => annotations.runbook_url.replace('{{ $labels.attention }}', reason))
      : [annotations.runbook_url];
    expect(pages.filter((page) => !exists(page))).toEqual([]);
  });

  it('reads metrics that there are', () => {
    const metrics = metricsIn(expr);
    expect(metrics.length).toBeGreaterThanOrEqual(1);
    expect(metrics.filter((metric) => !KNOWN.has(metric))).toEqual([]);
  });
});

it('each reason that needs a person calls one, at night where money may be in the wrong place', () => {
  const called = alerts.flatMap((alert) => reasonsIn(alert).map((reason) => [reason, alert.labels.severity]));
  expect(called.sort()).toEqual(Object.entries(CALLS).sort());
});

it.each(readdirSync(path.join(DEPLOY, 'grafana')))('dashboard %s reads metrics that there are', (file) => {
  const { panels } = JSON.parse(read(`grafana/${file}`)) as { panels: { targets: { expr: string }[] }[] };
  const metrics = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsIn(expr)));
  expect(metrics.length).toBeGreaterThanOrEqual(panels.length);
  expect(metrics.filter((metric) => !KNOWN.has(metric))).toEqual([]);
});

it('each metric of ours is on a dashboard or in an alert', () => {
  const boards = readdirSync(path.join(DEPLOY, 'grafana')).map((file) => read(`grafana/${file}`));
  const used = [...boards, read('prometheus/alerts.yml')].join('\n');
  expect(Object.keys(METRICS).filter((name) => !new RegExp(`\\b${name}(_bucket|_count)?\\b`).test(used))).toEqual([]);
});

it('a name that is no metric is seen', () => {
  expect(metricsIn('max by (state) (payout{state="a"}) > 0 unless sum(rate(up[5m]))')).toEqual(['payout', 'up']);
});
