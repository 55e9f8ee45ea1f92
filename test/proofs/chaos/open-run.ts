import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findFreePort } from '../../../scripts/ports';
import { formatDecimal, parseDecimal } from '../../../src/domain/money';
import { openByteGate } from '../../support/byte-gate';
import { openHttpProxy, type Passage } from '../../support/http-proxy';
import { QUICK } from '../../support/quick';
import { startStack } from '../../support/stack';
import { addTo, type Counts } from '../counts';
import { zoneAtMidday } from '../limits/zone';
import { createCallbackPassage } from './callback-passage';
import { createGatewayPassage } from './gateway-passage';
import { LIMITED_CURRENCY, type Plan } from './plan';
import { createPointBoard } from './points';
import { manageProgram, manageTemporal } from './processes';
import type { Gated, RunContext } from './run-context';

/** Short enough for a run of minutes, long enough to outlast kills and starts on a busy machine. */
const PRODUCT = {
  POLL_PLAN: JSON.stringify([
    { every: '1s', until: '45s' },
    { every: '3s', until: '15m' },
  ]),
  UNCONFIRMED_BACKOFF: JSON.stringify({ gaps: ['1s', '1s', '2s', '2s'], every: '3s', until: '30s' }),
  CONFIRM_WITHIN: '10s',
  GATEWAY_TIMEOUT: '3s',
};
/** Temporal gives the creating call up after one and a half times GATEWAY_TIMEOUT. */
const FROZEN_MS = 6_000;

const SETTINGS = { ...QUICK.settings, hangMs: 5_000, lateMs: 4_000, slowMs: 6_000, callbackFirstGapMs: 700 };

function limitRule({ capMinor }: Plan) {
  const cap = formatDecimal({ minor: capMinor, currency: parseDecimal('1', LIMITED_CURRENCY).currency });
  const limit = { amount: cap, per: 'day', zone: zoneAtMidday(Date.now()), over: 'refuse' };
  return { name: 'daily', match: { currency: LIMITED_CURRENCY }, limit };
}

/**
 * Starts the product, the simulator and Temporal as processes, with something in between on every way.
 * @throws with the log of what did not come up; everything started before is ended
 */
export async function openFaultRun(plan: Plan) {
  let areFaultsActive = true;
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.toReversed()) await close();
  };
  // The addresses are signed or given to the gateway, so they must be known before anything starts.
  let gatewayPassage: Passage = async () => null;
  let callbackPassage: Passage = async () => null;
  const toGateway = await openHttpProxy((request) => gatewayPassage(request));
  const toApi = await openHttpProxy((request) => callbackPassage(request));
  closing.push(toGateway.close, toApi.close);
  const gatewayUrl = `http://127.0.0.1:${toGateway.port}/paynet`;
  const product = { ...PRODUCT, GATEWAY_BASE_URL: gatewayUrl, PUBLIC_BASE_URL: `http://127.0.0.1:${toApi.port}` };

  try {
    const policies = path.join(await mkdtemp(path.join(tmpdir(), 'chaos-')), 'policies.json');
    await writeFile(policies, JSON.stringify({ rules: [limitRule(plan)] }));
    closing.push(() => rm(path.dirname(policies), { recursive: true, force: true }));
    const stack = await startStack({
      programs: ['simulator'],
      worker: product,
      api: { ...product, POLICIES_FILE: policies },
      simulator: { SIMULATOR_PUBLIC_BASE_URL: gatewayUrl },
      settings: SETTINGS,
    });
    closing.push(stack.stop);
    const temporalPort = Number(stack.temporalAddress.split(':').at(-1));

    const openGated = async (program: 'worker' | 'api', index: number): Promise<Gated> => {
      const gate = await openByteGate({ host: '127.0.0.1', port: temporalPort });
      closing.push(gate.close);
      const port = await findFreePort([]);
      const env = {
        TEMPORAL_ADDRESS: `127.0.0.1:${gate.port}`,
        // Tells the workers apart on the way to the gateway.
        GATEWAY_REPLY_FORMAT: program === 'worker' && index === 2 ? 'json' : 'form',
      };
      const process = manageProgram({ name: `${program}-${index}`, program, stack, port, env });
      closing.push(process.stop);
      await process.start();
      return { process, gate, port };
    };
    const workers: Gated[] = [];
    for (let index = 1; index <= plan.workers; index += 1) workers.push(await openGated('worker', index));
    const apis: Gated[] = [];
    for (let index = 1; index <= plan.apis; index += 1) apis.push(await openGated('api', index));

    const temporal = manageTemporal(stack);
    closing.push(temporal.stop);
    const faults = new Map<string, number>();
    const context: RunContext = {
      ...{ workers, apis, temporal },
      board: createPointBoard(),
      addFault: (kind) => addTo(faults, kind),
      areFaultsActive: () => areFaultsActive,
    };
    const callbacks = createCallbackPassage(context, plan.callbackFaults);
    gatewayPassage = createGatewayPassage(context, { simulatorPort: stack.addresses.simulator, frozenMs: FROZEN_MS });
    callbackPassage = callbacks.passage;
    /** From now on everything passes untouched. */
    const endFaults = (): void => {
      areFaultsActive = false;
    };
    return { stack, context, callbacks, faults: faults as Counts, endFaults, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
