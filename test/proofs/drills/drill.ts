import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../scripts/project';
import { follow } from '../../support/payouts';
import type { Stack } from '../../support/stack';
import type { Watch } from '../alerts/watch';
import { deploy } from '../deploys/deploying';

/** What a drill leaves out, to show that it can fail. */
export type LeftOut = 'trouble' | 'step' | null;

export interface DrillOptions {
  readonly stack: Stack;
  readonly prometheus: Watch;
  readonly print: (line: string) => void;
  readonly without?: LeftOut;
  /** How long a sign may take. */
  readonly withinMs?: number;
}

export type Drill = ReturnType<typeof openDrill>;

interface Queue {
  readonly items: readonly { readonly clientOrderId: string; readonly attention: string }[];
}

/** How a drill makes its trouble, looks for the signs and takes the steps of the runbook. Each look is printed; what does not come ends it. */
export function openDrill({ stack, prometheus, print, without = null, withinMs = 90_000 }: DrillOptions) {
  const see = async (what: string, ask: () => Promise<string | null>): Promise<void> => {
    const beganMs = performance.now();
    const came = await stack.waitFor(what, ask, withinMs).catch(() => null);
    if (came === null) throw new Error(`MISSING ${what}`);
    print(`ok      ${what}: ${came} (${Math.round((performance.now() - beganMs) / 1_000)} s)`);
  };
  const alertsNamed = async (name: string, labels: Readonly<Record<string, string>>) =>
    (await prometheus.alerts()).filter(
      (alert) =>
        alert.labels.alertname === name &&
        Object.entries(labels).every(([label, value]) => alert.labels[label] === value),
    );
  /** Takes a step if the page says it: what the pattern finds below its heading Do. */
  const step = async (page: string, says: RegExp, take: (said: RegExpExecArray) => Promise<unknown>): Promise<void> => {
    const text = readFileSync(path.join(projectRoot, 'docs', 'runbook', `${page}.md`), 'utf8');
    const [, steps = ''] = /^## Do\n(.*?)^\*\*Never/ms.exec(text) ?? [];
    const said = says.exec(steps.replaceAll(/\s*\n\s*/g, ' '));
    if (said === null) throw new Error(`MISSING a step in docs/runbook/${page}.md: ${says.source}`);
    print(`${without === 'step' ? 'LEFT OUT' : 'step   '} ${page}: ${said[0]}`);
    if (without !== 'step') await take(said);
  };
  return {
    stack,
    see,
    step,
    trouble: async (what: string, make: () => Promise<unknown>): Promise<void> => {
      print(`${without === 'trouble' ? 'LEFT OUT' : 'trouble'} ${what}`);
      if (without !== 'trouble') await make();
    },
    /** What Prometheus has read makes the query true. */
    metric: (query: string) =>
      see(`metric ${query}`, async () => {
        const value = await prometheus.query(query);
        return value === null ? null : String(value);
      }),
    /** Prometheus fires it, and it leads to this page of the runbook. */
    alert: (name: string, page: string, labels: Readonly<Record<string, string>> = {}) =>
      see(`alert ${name}${Object.values(labels).map((value) => ` ${value}`)}, with page ${page}`, async () => {
        const firing = (await alertsNamed(name, labels)).find(({ state }) => state === 'firing');
        if (firing === undefined) return null;
        const { runbook_url: url = '', summary = '' } = firing.annotations;
        return url === `docs/runbook/${page}.md` ? summary : null;
      }),
    over: (name: string, labels: Readonly<Record<string, string>> = {}) =>
      see(`alert ${name} is over`, async () => ((await alertsNamed(name, labels)).length === 0 ? 'over' : null)),
    /** The payout asks for it, and so does the queue. */
    attention: (clientOrderId: string, reason: string) =>
      see(`attention ${reason} on ${clientOrderId}`, async () => {
        const payout = await follow(stack, clientOrderId).read();
        const { body } = await stack.request<Queue>('/attention');
        const queued = body.items.find((item) => item.clientOrderId === clientOrderId);
        return payout.attention === reason && queued?.attention === reason ? `${payout.state}, in the queue` : null;
      }),
    /** The queue has none of the payouts of a drill. */
    noAttention: () =>
      see('no attention', async () => {
        const { status, body } = await stack.request<Queue>('/attention');
        const isAsked = status !== 200 || body.items.some((item) => item.clientOrderId.startsWith('DRILL-'));
        return isAsked ? null : 'the queue asks for nothing';
      }),
    /** An operator's action, as the page names it. */
    act: (page: string, action: 'check' | 'cancel' | 'resend', clientOrderId: string) =>
      step(page, new RegExp(`\`POST (/payouts/:clientOrderId/${action})\``), ([, route = '']) => {
        const headers = { 'content-type': 'application/json' };
        const init = { method: 'POST', headers, body: JSON.stringify({ reason: 'drill' }) };
        // Refused while a call is open: a person repeats it.
        return see(`${action} of ${clientOrderId}`, async () => {
          const { status } = await stack.request(route.replace(':clientOrderId', clientOrderId), init);
          return status === 200 ? 'taken' : null;
        });
      }),
    deploy: (page: string, command: string) =>
      step(page, new RegExp(`\`npm run deploy -- (${command})\``), async ([, args = '']) =>
        print(`        ${(await deploy(stack, ...args.split(' '))).trim()}`),
      ),
    /** It has this outcome, with exactly so many orders at the gateway. */
    ends: (clientOrderId: string, outcome: string, orders = 1) =>
      see(`${clientOrderId} is ${outcome}, orders ${orders}`, async () => {
        const payout = follow(stack, clientOrderId);
        const { outcome: reached } = await payout.read();
        return reached === outcome && (await payout.accepted()) === orders ? 'so it is' : null;
      }),
  };
}
