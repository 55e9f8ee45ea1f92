/** How much a worker takes on at once. */
export interface WorkerLimits {
  /** Workflows kept in memory. What happens to another one first replays its history. */
  readonly cachedWorkflows: number;
  /** Watches of one endpoint: most of their time they pause. */
  readonly watches: number;
  /** Calls to one endpoint, each kind in slots of its own: polls that hang hold no slot of a send. */
  readonly calls: number;
  /** Most polls that wait for tasks of one queue. */
  readonly pollers: number;
}

/** As many as a worker has workflow tasks at once: with fewer the SDK takes on fewer tasks, and slow confirmations could hold them all. */
export const LEAST_CACHED_WORKFLOWS = 100;
export const DEFAULT_LIMITS: WorkerLimits = { cachedWorkflows: 2_000, watches: 2_000, calls: 32, pollers: 10 };
