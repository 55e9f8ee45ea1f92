import { setTimeout as sleep } from 'node:timers/promises';
import { forward, type Passage, type PassingReply, type PassingRequest } from '../../support/http-proxy';
import { tamperAmount } from './forgery';
import type { CallbackFault } from './plan';
import type { PointName } from './points';
import { disturbAt, kill, killWhileHeld, type RunContext, takeTurn } from './run-context';

type Reply = PassingReply | null;
type Api = RunContext['apis'][number];

const CALLBACK_POINTS = ['before_signal', 'signal_before_answer', 'answer_held', 'temporal_at_signal'] as const;
const DELAY_MS = 2_500;
/** A callback waits so long for another one to overtake it. */
const OVERTAKE_WITHIN_MS = 3_000;

export type CallbackWatch = ReturnType<typeof createCallbackPassage>;

/** The way from the gateway to the APIs: each callback goes to the next API, and may be disturbed on its way. */
export function createCallbackPassage(context: RunContext, callbackFaults: readonly (CallbackFault | null)[]) {
  const { board, addFault, temporal } = context;
  let arrived = 0;
  let lastSeen: string | null = null;
  let overtaken: (() => void)[] = [];

  return {
    /** Path and query of the last genuine callback that came by. */
    lastSeen: () => lastSeen,
    passage: (async (request) => {
      const api = takeTurn(context.apis, arrived);
      if (!request.target.startsWith('/callbacks/') || !context.areFaultsActive())
        return await forward(request, api.port);
      const fault = takeTurn(callbackFaults, arrived);
      arrived += 1;
      const waiting = overtaken;
      overtaken = [];
      const reply = await passCallback(request, { api, fault });
      if (reply?.httpStatus === 200) lastSeen = request.target;
      for (const overtake of waiting) overtake();
      return reply;
    }) satisfies Passage,
  };

  async function passCallback(request: PassingRequest, way: { api: Api; fault: CallbackFault | null }): Promise<Reply> {
    const { api, fault } = way;
    const point = board.take(CALLBACK_POINTS);
    if (point !== null) return await passPoint(request, { api, point });
    if (fault === null) return await forward(request, api.port);
    if (fault !== 'reordered') addFault(`callback ${fault}`);
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
        if (isOvertaken) addFault('callback reordered');
        return await forward(request, api.port);
      }
      case 'amount_tampered':
        return await forward({ ...request, target: tamperAmount(request.target) }, api.port);
    }
  }

  async function passPoint(request: PassingRequest, { api, point }: { api: Api; point: PointName }): Promise<Reply> {
    const atApi = { board, point, victim: api.process };
    const pass = (): Promise<Reply> => forward(request, api.port);
    if (point === 'before_signal' || point === 'signal_before_answer')
      return await killWhileHeld(atApi, [api.gate, point === 'before_signal' ? 'out' : 'back'], pass);
    const reply = pass();
    if (point === 'temporal_at_signal') void disturbAt({ board, point, victim: temporal }, kill);
    if (point === 'temporal_at_signal') return await reply;
    await reply;
    return (await disturbAt(atApi, kill)) ? null : await reply;
  }
}
