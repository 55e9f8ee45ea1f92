import { Client, Connection } from '@temporalio/client';

/** One call of a payout to the gateway as Temporal recorded it: which process took it, and how it ended. */
export interface RecordedCall {
  readonly what: string;
  readonly at: string;
  /** `pid@host` of the process that took it. */
  readonly takenBy: string | null;
}

/** Reads what Temporal holds of some payouts, without the product's API. @throws when Temporal is away */
export async function readCalls(
  address: string,
  clientOrderIds: readonly string[],
): Promise<ReadonlyMap<string, readonly RecordedCall[]>> {
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection });
    const calls = new Map<string, readonly RecordedCall[]>();
    for (const clientOrderId of clientOrderIds) {
      const { events } = await workflow.getHandle(`payout:${clientOrderId}`).fetchHistory();
      calls.set(
        clientOrderId,
        (events ?? []).flatMap((event) => {
          const seconds = Number(event.eventTime?.seconds ?? 0) + Number(event.eventTime?.nanos ?? 0) / 1e9;
          const at = new Date(seconds * 1_000).toISOString();
          const started = event.activityTaskStartedEventAttributes;
          if (started) return [{ what: 'started', at, takenBy: started.identity ?? null }];
          if (event.activityTaskScheduledEventAttributes) return [{ what: 'scheduled', at, takenBy: null }];
          if (event.activityTaskTimedOutEventAttributes) return [{ what: 'timed out', at, takenBy: null }];
          return event.activityTaskCompletedEventAttributes ? [{ what: 'completed', at, takenBy: null }] : [];
        }),
      );
    }
    return calls;
  } finally {
    await connection.close();
  }
}
