import type { InjectOptions } from 'fastify';
import { CONTROL_KEY } from '../../api/app-harness';
import { createRandom, drawOne, shuffle } from '../../support/random';
import { createFindings, type Findings } from './findings';
import { drawSigned, FORGERIES, toPairs } from './forgery';
import { type Harness, openHarness } from './harness';
import { HOSTILE_CALLBACKS } from './hostile-callbacks';
import { HOSTILE_FIELDS } from './hostile-fields';

/** An address is refused 60 times in the whole way; what it sends above that is judged and answered before the framework. */
const FROM_EACH_ADDRESS = 100;

/** The address of the nth attack: one after the other, so that many take the whole way and many the short one. */
function addressOf(nth: number): string {
  const host = Math.floor(nth / FROM_EACH_ADDRESS);
  return `10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`;
}

/** A refusal, never a defect. */
const REFUSALS: ReadonlySet<number> = new Set([400, 403, 404, 405, 413, 414, 429]);

interface Attack {
  readonly name: string;
  readonly request: InjectOptions;
  readonly from: string;
  /** Must not be in an answer or a log line; one that is cut short says nothing. */
  readonly secret: string;
}

async function attack(harness: Harness, findings: Findings, { name, request, from, secret }: Attack): Promise<void> {
  const before = harness.storeCalls();
  const { statusCode, body } = await harness.app.inject({ ...request, remoteAddress: from });
  findings.count(`callback ${statusCode}`);
  if (!REFUSALS.has(statusCode)) findings.violate(`${name}: answered ${statusCode}`);
  if (harness.storeCalls() !== before) findings.violate(`${name}: something behind the API was called`);
  const notified = harness.takeLog() + body;
  if (secret.length >= 20 && notified.includes(secret))
    findings.violate(`${name}: the answer or the log repeats what was sent`);
}

/** How many of each kind; `tolerated`: with a right control and hostile fields beside what is used. */
type CallbackRunOptions = Readonly<Record<'forged' | 'hostile' | 'tolerated' | 'seed', number>>;

/**
 * Sends near misses of real callbacks, and hostile bytes of every kind, to the callback route in this process. Nothing may be accepted
 * or reach the store. A genuine callback every so often, and many with hostile fields beside what is used, must be taken.
 */
export async function runCallbacks(options: CallbackRunOptions): Promise<Findings> {
  const findings = createFindings();
  const random = createRandom(options.seed);
  const harness = await openHarness();
  const kinds = Object.entries(FORGERIES);
  for (let nth = 0; nth < options.forged; nth += 1) {
    const real = drawSigned(random, CONTROL_KEY);
    const [kind, forge] = drawOne(random, kinds);
    const forged = forge(real, random, CONTROL_KEY);
    const request = toRequest(toPairs(forged), drawOne(random, ['query', 'body'] as const));
    const from = addressOf(nth);
    await attack(harness, findings, { name: `forged ${kind} #${nth}`, request, from, secret: forged.control });
    // From an address that is held up, too.
    if (nth % 1_000 === 999) await accept(harness, findings, { pairs: toPairs(drawSigned(random, CONTROL_KEY)), from });
  }
  for (let nth = 0; nth < options.hostile; nth += 1) {
    const [kind, make] = HOSTILE_CALLBACKS[nth % HOSTILE_CALLBACKS.length] ?? drawOne(random, HOSTILE_CALLBACKS);
    const signed = drawSigned(random, CONTROL_KEY);
    const from = addressOf(options.forged + nth);
    const request = make(toPairs(signed), random);
    await attack(harness, findings, { name: `${kind} #${nth}`, request, from, secret: signed.control });
  }
  for (let nth = 0; nth < options.tolerated; nth += 1) {
    const [kind, field] = drawOne(random, HOSTILE_FIELDS);
    const pairs = shuffle(random, [toPairs(drawSigned(random, CONTROL_KEY)), field(random)]).join('&');
    await accept(harness, findings, { pairs, from: addressOf(nth), kind, place: drawOne(random, ['query', 'body']) });
  }
  await harness.app.close();
  return findings;
}

interface Genuine {
  readonly pairs: string;
  readonly from: string;
  /** What hostile field goes with it. */
  readonly kind?: string;
  readonly place?: 'query' | 'body';
}

async function accept(harness: Harness, findings: Findings, genuine: Genuine): Promise<void> {
  const { pairs, from, kind, place = 'query' } = genuine;
  const before = harness.storeCalls();
  const { statusCode } = await harness.app.inject({ ...toRequest(pairs, place), remoteAddress: from });
  findings.count(kind === undefined ? 'genuine callbacks' : 'genuine callbacks with hostile fields');
  if (statusCode !== 200 || harness.storeCalls() !== before + 1)
    findings.violate(`a genuine callback was not taken${kind === undefined ? '' : `, with ${kind}`}`);
  harness.takeLog();
}

const URL = '/callbacks/default';

function toRequest(pairs: string, place: 'query' | 'body'): InjectOptions {
  if (place === 'query') return { method: 'GET', url: `${URL}?${pairs}` };
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url: URL, headers, payload: pairs };
}
