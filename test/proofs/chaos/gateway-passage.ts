import { setTimeout as sleep } from 'node:timers/promises';
import { forward, type Passage, type PassingReply, type PassingRequest } from '../../support/http-proxy';
import type { PointName } from './points';
import { disturbAt, type Gated, kill, killWhileHeld, type RunContext, takeTurn } from './run-context';

type Reply = PassingReply | null;
type Pass = () => Promise<Reply>;

/** Every so many requests of a kind meet the fault. */
const RESET_PROBE_EVERY = 12;
const RESET_STATUS_EVERY = 15;
const FAIL_STATUS_EVERY = 17;
/** A creating request whose sender was killed arrives so much later. */
const LATE_MS = 1_000;

const SERVER_ERROR: PassingReply = {
  ...{ httpStatus: 500, headers: { 'content-type': 'text/html' }, body: Buffer.from('<h1>500</h1>'), whole: true },
};

const CREATE_POINTS: readonly PointName[] = [
  ...(['bytes_held', 'after_bytes', 'before_reply_is_read', 'before_completion', 'after_completion'] as const),
  ...(['frozen_before_reply_is_read', 'temporal_at_create', 'temporal_at_completion'] as const),
];

/**
 * The way from the workers to the gateway, where the named points around the creating request lie.
 * @param options.frozenMs longer than Temporal waits for the creating call
 */
export function createGatewayPassage(
  context: RunContext,
  { simulatorPort, frozenMs }: { simulatorPort: number; frozenMs: number },
): Passage {
  const { board, addFault, temporal } = context;
  const created = new Set<string>();
  let probes = 0;
  let questions = 0;
  let heldCreates = 0;

  return async (request) => {
    const pass: Pass = () => forward(request, simulatorPort);
    const fields = new URLSearchParams(request.body.toString('utf8'));
    const clientOrderId = fields.get('client_orderid') ?? '';
    const isCreate = /\/payout\//.test(request.target);
    const isProbe = !isCreate && !created.has(clientOrderId);
    if (isCreate) created.add(clientOrderId);
    if (!context.areFaultsActive()) return await pass();
    const worker = workerOf(request, context.workers);
    if (isCreate) return await passCreate(worker, pass);
    return isProbe ? await passProbe(worker, pass) : await passStatus(pass);
  };

  async function passProbe(worker: Gated, pass: Pass): Promise<Reply> {
    probes += 1;
    if (probes % RESET_PROBE_EVERY === 0) {
      addFault('probe reset');
      return null;
    }
    const reply = await pass();
    const point = board.take(['before_bytes', 'frozen_before_bytes']);
    if (point === 'before_bytes')
      return (await disturbAt({ board, point, victim: worker.process }, kill)) ? null : reply;
    if (point !== null) await freeze(point, worker);
    return reply;
  }

  async function passStatus(pass: Pass): Promise<Reply> {
    questions += 1;
    const isReset = questions % RESET_STATUS_EVERY === 0;
    if (!isReset && questions % FAIL_STATUS_EVERY !== 0) return await pass();
    addFault(isReset ? 'order status reset' : 'order status 500');
    return isReset ? null : SERVER_ERROR;
  }

  async function passCreate(worker: Gated, pass: Pass): Promise<Reply> {
    const point = board.take(CREATE_POINTS);
    if (point === null) return await pass();
    const atWorker = { board, point, victim: worker.process };
    const atTemporal = { board, point, victim: temporal };
    if (point === 'bytes_held') return (await disturbAt(atWorker, kill)) ? arriveLateOrNever(pass) : await pass();
    const reply = pass();
    if (point === 'after_bytes') return (await disturbAt(atWorker, kill)) ? null : await reply;
    if (point === 'temporal_at_create') void disturbAt(atTemporal, kill);
    if (point === 'temporal_at_create') return await reply;
    await reply;
    if (point === 'before_reply_is_read') return (await disturbAt(atWorker, kill)) ? null : await reply;
    if (point === 'temporal_at_completion') void disturbAt(atTemporal, kill);
    else if (point === 'frozen_before_reply_is_read') await freeze(point, worker);
    else void killWhileHeld(atWorker, [worker.gate, point === 'before_completion' ? 'out' : 'back'], async () => null);
    return await reply;
  }

  /** Half of them reach the gateway after all, when no one waits for the reply any more. */
  function arriveLateOrNever(pass: Pass): null {
    heldCreates += 1;
    const isLate = heldCreates % 2 === 1;
    addFault(isLate ? 'create arrives after the kill' : 'create lost with the kill');
    if (isLate) void sleep(LATE_MS).then(pass);
    return null;
  }

  /** Resolves when the worker is frozen; it thaws by itself. What it is sent lies in its socket meanwhile. */
  function freeze(point: PointName, worker: Gated): Promise<void> {
    return new Promise((resolve) => {
      void disturbAt({ board, point, victim: worker.process }, async (controls) => {
        await controls.freeze();
        resolve();
        await sleep(frozenMs);
        await controls.thaw();
      }).then(() => resolve());
    });
  }
}

/** The first worker asks for form replies, the second for JSON: so they differ on the wire. */
function workerOf(request: PassingRequest, workers: readonly Gated[]): Gated {
  return takeTurn(workers, request.headers.accept?.includes('json') ? 1 : 0);
}
