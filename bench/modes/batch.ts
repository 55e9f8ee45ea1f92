import { readFileSync } from 'node:fs';
import { describePayout } from '../../scripts/payout-api';
import { waitUntil } from '../../scripts/wait-until';
import { product, type Running } from '../contestants';
import { callAtRate } from '../drive';
import { quantile } from '../median';
import { weigh } from '../summary';
import { describeGoals, describeTable, show } from '../table';
import { judge } from '../verdict';
import type { Mode } from './mode';

const HEAD =
  'clientOrderId,amount,currency,description,receiver.firstName,receiver.lastName,receiver.email,receiver.ipAddress,destination.type,destination.accountNumber,destination.bankName,destination.bankBranch';

/** A file of so many rows, no two alike. */
export function writeFile(prefix: string, rows: number): { readonly ids: readonly string[]; readonly csv: string } {
  const ids = Array.from({ length: rows }, (_nothing, nth) => `${prefix}-${nth}`);
  const lines = ids.map((id, nth) => {
    const account = `10002000${String(nth).padStart(8, '0')}0000`;
    const receiver = `Ada,Example ${nth},ada${nth}@example.com,192.0.2.10`;
    return `${id},10.50,EUR,Invoice ${nth},${receiver},bank_account,${account},Cool Bank,Main`;
  });
  return { ids, csv: [HEAD, ...lines, ''].join('\r\n') };
}

async function post({ house }: Running, query: string, csv: string) {
  const beganAt = performance.now();
  const headers = { 'content-type': 'text/csv' };
  const response = await fetch(`${house.front}/batches?${query}`, { method: 'POST', headers, body: csv });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST /batches answered ${response.status}: ${text.slice(0, 200)}`);
  return { seconds: (performance.now() - beganAt) / 1_000 };
}

/** The most memory that a process ever had, MB. */
function readPeakMb(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+)/m.exec(text)?.[1]) / 1_024;
}

/** Single payouts at a rate: how long each took from the request until its order was known, ms. */
async function pay({ house }: Running, prefix: string, load: { perSecond: number; seconds: number }) {
  const ids: string[] = [];
  const ms = await callAtRate(load.perSecond, load.seconds, async (nth) => {
    const clientOrderId = `${prefix}-${nth}`;
    ids.push(clientOrderId);
    const beganAt = performance.now();
    const headers = { 'content-type': 'application/json', prefer: 'wait=60' };
    const body = JSON.stringify(describePayout(clientOrderId));
    const response = await fetch(`${house.front}/payouts`, { method: 'POST', headers, body });
    const { orderId } = (await response.json()) as { orderId?: string | null };
    return orderId ? performance.now() - beganAt : Number.NaN;
  });
  return { ids, ms };
}

/** What a batch costs, and what others notice of it. */
export const BATCH: Mode = {
  what: 'seconds and memory to check a file of so many rows, and single payouts beside a batch, singles: so many a second',
  options: { rows: '10000', seconds: '60', singles: '4', speed: '5' },
  async run(given, { say }) {
    const [rows, seconds, singles, speed] = (['rows', 'seconds', 'singles', 'speed'] as const).map((name) =>
      given.number(name),
    ) as [number, number, number, number];
    const running = await product({ name: 'ours' }).start({ everyMs: 4_000 });
    try {
      const load = { perSecond: singles, seconds };
      await pay(running, 'WARM', { ...load, seconds: Math.min(5, seconds) });
      const api = running.pids().api ?? 0;
      const large = writeFile('CHECK', rows);
      const beforeMb = readPeakMb(api);
      const checked = await post(running, 'batchId=CHECK&dryRun=true', large.csv);
      const taken = await post(running, 'batchId=TAKEN&perSecond=1&window=1', large.csv);
      const peakMb = readPeakMb(api);
      say(
        `${rows} rows: checked in ${show(checked.seconds)} s, taken in ${show(taken.seconds)} s, API ${show(peakMb)} MB`,
      );
      const cancel = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"reason":"measured"}' };
      await fetch(`${running.house.front}/batches/TAKEN/cancel`, cancel);
      const batchOf = async (id: string) => {
        const response = await fetch(`${running.house.front}/batches/${id}`);
        return (await response.json()) as { state: string; started: number };
      };
      const { started } = await batchOf('TAKEN');
      const alone = await pay(running, 'ALONE', load);
      const small = writeFile('ROW', speed * seconds);
      await post(running, `batchId=BESIDE&perSecond=${speed}`, small.csv);
      const beside = await pay(running, 'BESIDE', load);
      const isOver = async () => (await batchOf('BESIDE')).state === 'started';
      await waitUntil({ what: 'the batch to be started', timeoutMs: 600_000, intervalMs: 500, ask: isOver });
      const sent = [...alone.ids, ...beside.ids, ...small.ids];
      const isSent = () => sent.every((id) => running.house.ledger().has(id));
      await waitUntil({ what: 'all to be sent', timeoutMs: 600_000, intervalMs: 500, ask: isSent });
      const verdict = judge(sent, running.house.ledger(), new Map());
      const [p99Alone, p99Beside] = [quantile(alone.ms, 0.99), quantile(beside.ms, 0.99)];
      const goals = [
        weigh(`seconds to check ${rows} rows`, '<=', 5, checked.seconds),
        weigh('memory of the API at most, MB', '<=', 300, peakMb),
        weigh('single payouts, p99 beside a batch ÷ alone', '<=', 1.25, p99Beside / p99Alone),
      ];
      const line = (name: string, ms: readonly number[]) => [
        ...[name, String(ms.length), show(quantile(ms, 0.5)), show(quantile(ms, 0.99))],
      ];
      const table = [line('alone', alone.ms), line(`beside ${speed} rows a second`, beside.ms)];
      return {
        lines: [
          ...describeTable('Single payouts, from POST to order known', ['', 'payouts', 'p50 ms', 'p99 ms'], table),
          ...describeGoals(goals),
        ],
        figures: {
          ...{
            rows,
            checkedSeconds: checked.seconds,
            takenSeconds: taken.seconds,
            beforeMb,
            peakMb,
            started,
            goals,
            verdict,
          },
          singles: {
            alone: { p50: quantile(alone.ms, 0.5), p99: p99Alone },
            beside: { p50: quantile(beside.ms, 0.5), p99: p99Beside },
          },
        },
        isSound: verdict.orders === sent.length && verdict.paidTwice === 0,
      };
    } finally {
      await running.stop();
    }
  },
};
