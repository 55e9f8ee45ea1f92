import { setTimeout as sleep } from 'node:timers/promises';
import { forward, type Passage, type PassingReply, type PassingRequest } from '../../support/http-proxy';
import { readCallback, type SeenCallback, tamperAmount } from './forgery';
import type { CallbackFault } from './plan';
import type { PointName } from './points';
import { disturbAt, type RunContext, takeTurn } from './run-context';

export interface CallbackOptions {
  readonly context: RunContext;
  readonly callbackFaults: readonly (CallbackFault | null)[];
}

export interface CallbackWatch {
  readonly passage: Passage;
  /** The last genuine callback that came by. */
  readonly lastSeen: () => SeenCallback | null;
}

type Reply = PassingReply | null;
type Api = RunContext['apis'][number];

const CALLBACK_POINTS: readonly PointName[] = [
  'before_signal',
  'signal_before_answer',
  'answer_held',
  'temporal_at_signal',
];
const DELAY_MS = 2_500;
/** A callback waits so long for another one to overtake it. */
const OVERTAKE_WITHIN_MS = 3_000;
/** Time for the API to read a callback and to call Temporal, before it is killed. */
const HELD_MS = 250;

/** The way from the gateway to the APIs: each callback goes to the next API, and may be disturbed on its way. */
export function createCallbackPassage({ context, callbackFaults }: CallbackOptions): CallbackWatch {
  const { board, faults, temporal } = context;
  let arrived = 0;
  let lastSeen: SeenCallback | null = null;
  let overtaken: (() => void)[] = [];

  return { passage, lastSeen: () => lastSeen };

  async function passage(request: PassingRequest): Promise<Reply> {
    const api = takeTurn(context.apis, arrived);
    if (!request.target.startsWith('/callbacks/') || !context.areFaultsActive())
      return await forward(request, api.port);
    const fault = takeTurn(callbackFaults, arrived);
    arrived += 1;
    const waiting = overtaken;
    overtaken = [];
    const reply = await passCallback(request, { api, fault });
    if (reply?.httpStatus === 200) lastSeen = readCallback(request.target);
    for (const overtake of waiting) overtake();
    return reply;
  }

  async function passCallback(request: PassingRequest, way: { api: Api; fault: CallbackFault | null }): Promise<Reply> {
    const { api, fault } = way;
    const point = board.take(CALLBACK_POINTS);
    if (point !== null) return await passPoint(request, { api, point });
    if (fault === null) return await forward(request, api.port);
    if (fault !== 'reordered') faults.add(`callback ${fault}`);
    switch (fault) {
      case 'dropped':
        return null;
      case 'duplicated': {
        const other = takeTurn(context.apis, arrived);
        const [first] = await Promise.all([forward(request, api.port), forward(request, other.port)]);
        void sleep(DELAY_MS).then(() => forward(request, api.port));
        return first;
      }
      case 'delayed':
        await sleep(DELAY_MS);
        return await forward(request, api.port);
      case 'reordered': {
        const isOvertaken = await Promise.race([
          new Promise<boolean>((resolve) => overtaken.push(() => resolve(true))),
          sleep(OVERTAKE_WITHIN_MS, false),
        ]);
        if (isOvertaken) faults.add('callback reordered');
        return await forward(request, api.port);
      }
      case 'amount_tampered':
        return await forward({ ...request, target: tamperAmount(request.target) }, api.port);
    }
  }

  async function passPoint(request: PassingRequest, { api, point }: { api: Api; point: PointName }): Promise<Reply> {
    const atApi = { board, point, victim: api.process };
    if (point === 'temporal_at_signal') {
      const reply = forward(request, api.port);
      void disturbAt({ board, point, victim: temporal }, (controls) => controls.kill());
      return await reply;
    }
    if (point === 'answer_held') {
      const reply = await forward(request, api.port);
      return (await disturbAt(atApi, (controls) => controls.kill())) ? null : reply;
    }
    const replies: Promise<Reply>[] = [];
    const isDisturbed = await disturbAt(atApi, async (controls) => {
      api.gate.hold(point === 'before_signal' ? 'out' : 'back');
      replies.push(forward(request, api.port));
      await sleep(HELD_MS);
      await controls.kill();
      api.gate.drop();
    });
    return isDisturbed ? ((await replies[0]) ?? null) : await forward(request, api.port);
  }
}
