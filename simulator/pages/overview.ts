import type { Order } from '../orders/order';
import { SCENARIOS } from '../scenarios';
import { escapeHtml, renderPage } from './html';

export interface OverviewOrder {
  readonly order: Order;
  /** Where the Receiver's form is, when it waits. */
  readonly formUrl: string | null;
}

function cells(values: readonly string[]): string {
  return values.map((value) => `<td>${value}</td>`).join('');
}

function renderOrder({ order, formUrl }: OverviewOrder): string {
  const answers = order.callbacks.flatMap(({ type, answers: statuses }) =>
    statuses.map((status) => `${type}: ${status ?? 'no answer'}`),
  );
  const form = formUrl === null ? '' : ` <a href="${escapeHtml(formUrl)}" rel="noreferrer">form</a>`;
  return `<tr>${cells([
    escapeHtml(new Date(order.acceptedAtMs).toISOString()),
    escapeHtml(order.orderId),
    escapeHtml(order.clientOrderId),
    `${escapeHtml(order.amount)} ${escapeHtml(order.currency)}`,
    `${escapeHtml(order.status)}${form}`,
    escapeHtml(order.scenario.name),
    escapeHtml(answers.join(', ')),
  ])}</tr>`;
}

function heads(names: readonly string[]): string {
  return `<thead><tr>${names.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>`;
}

/** The page at `/`: recent orders, newest first, and the scenarios. */
export function renderOverview(recent: readonly OverviewOrder[], total: number): string {
  const orders = recent.map(renderOrder).join('\n');
  const scenarios = SCENARIOS.map(
    ({ name, digits, description, expected }) =>
      `<tr>${cells([name, digits.join(', '), description, expected].map(escapeHtml))}</tr>`,
  ).join('\n');
  return renderPage({
    title: 'Gateway simulator',
    body: `<h1>Gateway simulator</h1>
<p>A stand-in: no money moves here. <a href="/">Refresh</a></p>
<table><caption>Orders (${recent.length} of ${total}, newest first)</caption>
${heads(['Accepted', 'Order id', 'Client order id', 'Amount', 'Status', 'Scenario', 'Callbacks'])}
<tbody>${orders}</tbody></table>
<table><caption>Scenarios, by the last three digits of the account or card number</caption>
${heads(['Name', 'Digits', 'What it does', 'Where the payout ends'])}
<tbody>${scenarios}</tbody></table>`,
  });
}
