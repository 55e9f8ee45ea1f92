import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { type ReplayResult, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { PayloadRefused } from './failure-converter';
import { type ListedRun, type Reading, readHistory } from './listed-runs';
import { SEALED_ENCODING } from './payload-codec';

/**
 * `undecided`: no worker has taken it up, so that every build can. `unreadable`: its payloads cannot be opened with these keys, so nothing
 * is known of it. `gone`: it closed and was forgotten between the list and now.
 */
export type Verdict =
  | { readonly kind: 'replayed' | 'undecided' | 'gone' }
  | { readonly kind: 'broken' | 'unreadable'; readonly reason: string };

export interface ReplayOptions {
  readonly connection: Reading;
  readonly namespace: string;
  readonly dataConverter: DataConverter;
  readonly bundlePath: string;
  /** How many are replayed at once, each in a thread of its own: so many histories are in memory. */
  readonly atOnce: number;
  readonly onVerdict: (run: ListedRun, verdict: Verdict) => void;
}

/** Replays runs as a worker of this bundle would, in memory: nothing is written. @throws when Temporal does not answer */
export async function replayRuns(runs: AsyncGenerator<ListedRun>, options: ReplayOptions): Promise<void> {
  await Promise.all(Array.from({ length: options.atOnce }, () => replaySome(runs, options)));
}

/** Takes runs off the shared list until there are none. */
async function replaySome(runs: AsyncGenerator<ListedRun>, options: ReplayOptions): Promise<void> {
  const { connection, namespace, bundlePath, onVerdict } = options;
  const opening = watchRefusals(options.dataConverter);
  let current: ListedRun | null = null;
  let isSecondTry = false;

  async function* histories() {
    for (;;) {
      if (!isSecondTry) current = (await runs.next()).value ?? null;
      if (current === null) return;
      const history = await readHistory(connection, namespace, current);
      const isDecided = history?.events?.some((event) => event.workflowTaskCompletedEventAttributes) === true;
      if (isDecided) yield { workflowId: current.workflowId, history };
      else onVerdict(current, { kind: history === null ? 'gone' : 'undecided' });
      // A second try that comes to no replay is over as well.
      if (!isDecided) isSecondTry = false;
    }
  }

  const replay = {
    ...{ namespace, dataConverter: opening.dataConverter },
    workflowBundle: { codePath: bundlePath },
  };
  for await (const { error } of Worker.runReplayHistories(replay, histories())) {
    const refusal = opening.takeRefusal();
    // What was read while it was written is read again: only what fails twice has failed.
    const isFirstFailure: boolean = error !== undefined && !isSecondTry;
    isSecondTry = isFirstFailure;
    if (current !== null && !isFirstFailure) onVerdict(current, judge(error, refusal));
  }
}

function judge(error: ReplayResult['error'], refusal: string | null): Verdict {
  if (error === undefined) return { kind: 'replayed' };
  if (refusal !== null) return { kind: 'unreadable', reason: refusal };
  return { kind: 'broken', reason: describe(error) };
}

const LONGEST_REASON = 300;

/** What the SDK says of commands that differ names events and types. What workflow code throws may hold anything, so it is not repeated. */
function describe(error: Error): string {
  if (!(error instanceof DeterminismViolationError)) return 'its code throws where the recorded one went on';
  const [, text = error.message] = /message: "((?:[^"\\]|\\.)*)"/.exec(error.message) ?? [];
  return text.slice(0, LONGEST_REASON);
}

/** The same converter, and what it refused to open since it was last asked. */
function watchRefusals(dataConverter: DataConverter) {
  let refusal: string | null = null;
  const codecs = dataConverter.payloadCodecs?.length ? dataConverter.payloadCodecs : [WITHOUT_KEYS];
  const payloadCodecs = codecs.map(
    (codec): PayloadCodec => ({
      encode: (payloads, context) => codec.encode(payloads, context),
      async decode(payloads, context) {
        try {
          return await codec.decode(payloads, context);
        } catch (error) {
          refusal = error instanceof PayloadRefused ? error.message : 'a payload cannot be opened';
          throw error;
        }
      },
    }),
  );
  const takeRefusal = (): string | null => {
    const taken = refusal;
    refusal = null;
    return taken;
  };
  return { dataConverter: { ...dataConverter, payloadCodecs }, takeRefusal };
}

const WITHOUT_KEYS: PayloadCodec = {
  encode: async (payloads) => payloads,
  async decode(payloads) {
    const isSealed = payloads.some(
      ({ metadata }) => Buffer.from(metadata?.encoding ?? []).toString() === SEALED_ENCODING,
    );
    if (isSealed) throw new PayloadRefused('a payload is encrypted, and PAYLOAD_KEYS is not set');
    return payloads;
  },
};
