/** What became of one request. Holds ids and words, never account data or a body. */
export interface RequestVerdict {
  readonly time: string;
  readonly route: string;
  readonly method: string;
  readonly clientOrderId: string | null;
  readonly orderId: string | null;
  readonly verdict: string;
  readonly scenario: string | null;
  /** The field an `invalid_field` is about. */
  readonly field: string | null;
}

export type NewVerdict = Pick<RequestVerdict, 'route' | 'method' | 'verdict'> &
  Partial<Omit<RequestVerdict, 'time' | 'route' | 'method' | 'verdict'>>;

export interface RouteStats {
  readonly requests: number;
  /** Over the last ten whole seconds. */
  readonly perSecond: number;
  readonly verdicts: Readonly<Record<string, number>>;
}

/** Verdicts in memory and on stdout, with counts per route that never forget. */
export interface RequestLog {
  record(verdict: NewVerdict): void;
  list(clientOrderId?: string): readonly RequestVerdict[];
  stats(): Readonly<Record<string, RouteStats>>;
}

/** Older verdicts leave memory; stdout has had them. */
const KEPT_VERDICTS = 100_000;
const WINDOW_SECONDS = 10;

interface Counts {
  requests: number;
  readonly verdicts: Record<string, number>;
  readonly bySecond: Map<number, number>;
}

/** `writeLine` gets one JSON line per request. */
export function createRequestLog(writeLine: (line: string) => void, now: () => number): RequestLog {
  let verdicts: RequestVerdict[] = [];
  const counts = new Map<string, Counts>();

  function count(route: string, verdict: string): void {
    const second = Math.floor(now() / 1000);
    const entry = counts.get(route) ?? { requests: 0, verdicts: {}, bySecond: new Map<number, number>() };
    counts.set(route, entry);
    entry.requests += 1;
    entry.verdicts[verdict] = (entry.verdicts[verdict] ?? 0) + 1;
    entry.bySecond.set(second, (entry.bySecond.get(second) ?? 0) + 1);
    for (const old of entry.bySecond.keys()) if (old < second - WINDOW_SECONDS) entry.bySecond.delete(old);
  }

  return {
    record({ route, method, verdict, ...rest }) {
      const known = { clientOrderId: null, orderId: null, scenario: null, field: null };
      const line = { time: new Date(now()).toISOString(), route, method, verdict, ...known, ...rest };
      verdicts.push(line);
      if (verdicts.length > 2 * KEPT_VERDICTS) verdicts = verdicts.slice(-KEPT_VERDICTS);
      count(route, verdict);
      writeLine(JSON.stringify({ event: 'request', ...line }));
    },
    list: (clientOrderId) =>
      clientOrderId === undefined ? verdicts : verdicts.filter((line) => line.clientOrderId === clientOrderId),
    stats() {
      const second = Math.floor(now() / 1000);
      return Object.fromEntries(
        [...counts].map(([route, { requests, verdicts: byVerdict, bySecond }]) => {
          const recent = [...bySecond].filter(([at]) => at >= second - WINDOW_SECONDS && at < second);
          const total = recent.reduce((sum, [, times]) => sum + times, 0);
          return [route, { requests, perSecond: total / WINDOW_SECONDS, verdicts: { ...byVerdict } }];
        }),
      );
    },
  };
}
