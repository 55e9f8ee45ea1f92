import { countBy, joinCounts, sumOf } from '../counts';
import { DEFECTS } from './comparison';
import { labelPoint, POINTS } from './points';
import type { RunResult } from './run';

/** The figures of a run as lines of text. */
export function renderReport(result: RunResult): string[] {
  const { plan, clients, product, gateway, findings, happened, missing, failures, settledAfterMs } = result;
  const payouts = [...product.values()];
  const resets = sumOf([...result.resets.values()].map(({ length }) => length));
  const defects = countBy(findings, ({ defect }) => defect);
  const after = `then ${Math.round(settledAfterMs / 1_000)} s until every payout had ended`;
  return [
    '',
    row('seed', plan.seed),
    row('processes', `${plan.workers} workers, ${plan.apis} APIs, Temporal on a file, simulator`),
    row('faults lasted', `${plan.seconds} s, ${after}`),
    row('payouts', `${clients.length} asked for, ${clients.filter(({ accepted }) => accepted).length} accepted`),
    row('POSTs without 2xx, repeated', sumOf(clients.map((client) => client.failures))),
    row('outcomes', joinCounts(countBy(payouts, ({ outcome, state }) => outcome ?? state))),
    row('SIGKILLs', `${sumOf(happened.kills.values())} (${joinCounts(happened.kills)})`),
    row('freezes', joinCounts(happened.freezes)),
    row('resets', `${resets}, of ${result.resets.size} payouts`),
    ...POINTS.map(({ name, victim }) => row(`${labelPoint(name)} (${victim})`, happened.points.get(name) ?? 0)),
    ...[...happened.faults].sort().map(([name, count]) => row(name, count)),
    row('gateway: scenarios', joinCounts(happened.scenarios)),
    row('gateway: answers to callbacks', joinCounts(gateway.callbackAnswers)),
    row('gateway: orders accepted', gateway.orders.length),
    row('limit', `${result.mostMinor} of ${plan.capMinor} paid or in doubt at most`),
    ...DEFECTS.map((defect) => row(defect, defects.get(defect) ?? 0)),
    ...findings.map(({ defect, clientOrderId, detail }) => `  ${defect}: ${clientOrderId} ${detail}`),
    ...renderReviews(result),
    '',
    ...failures.map((failure) => `BROKEN: ${failure}`),
    ...missing.map((kind) => `NOT SHOWN: ${kind} never happened`),
    ...(failures.length === 0 && missing.length === 0 ? ['PASSED'] : []),
  ];
}

/** Payouts in a person's hands: by reason and scenario, with what the gateway says of them. */
function renderReviews({ clients, product, gateway }: RunResult): string[] {
  const scenarioOf = new Map(clients.map(({ clientOrderId, scenario }) => [clientOrderId, scenario]));
  const truthOf = new Map(gateway.orders.map(({ clientOrderId, status }) => [clientOrderId, status]));
  const reviews = [...product.values()].filter(({ state }) => state === 'needs_review');
  const lines = countBy(reviews, ({ attention, clientOrderId }) => {
    const truth = truthOf.get(clientOrderId) ?? 'no order';
    return `${attention}, scenario ${scenarioOf.get(clientOrderId)}, gateway: ${truth}`;
  });
  return [row('needs_review', reviews.length), ...[...lines].map(([name, count]) => `  ${name}: ${count}`)];
}

function row(name: string, value: string | number): string {
  return `${name.padEnd(40)} ${value}`;
}
