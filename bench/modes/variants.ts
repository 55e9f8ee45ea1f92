import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../../scripts/project';
import type { House } from '../house';

/** The product without one of its parts, or with one more that is off by default. */
export interface Variant {
  readonly name: string;
  /** Texts that occur once in the sources, and what stands there instead in a build of its own. */
  readonly cuts: readonly (readonly [find: string, replace: string])[];
  readonly isSealed?: boolean;
  /** Added to the environment of API and worker. */
  readonly more?: (house: House) => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>;
}

const START = '{ ...options, ...once, workflowId, taskQueue }';
const CLAIM = 'const claim = { status, reason, atMs, asked: false, reached: false };';
const CLAIMED = "return { ...followed, claim, pollingSinceMs: atMs, polling: 'fast' };";
const PROBE = 'const probe = await gateway.fetchOrderStatus(ids, { timeoutMs });';
const ADOPTED = "if (probe.found) return { outcome: 'adopted', report: probe.report };";
const NOTIFICATIONS =
  "...{ ...shared, ...workflows, ...versioned(version, 'PINNED'), taskQueue: NOTIFICATIONS_TASK_QUEUE },";
const LOOK = 'const run = await runs.describe(workflowId);';
const FULL = "if (run === null) return 'unknown'; if (!run.isOpen) return 'closed'; if (!hasRoom(run)) return 'full';";

const without = (part: string, ...cuts: Variant['cuts']): Variant => ({ name: `without ${part}`, cuts });

/** The guarantees first, then the features. */
export const VARIANTS: readonly Variant[] = [
  without('the probe', [`${PROBE}${ADOPTED}`, '']),
  without('the record of a send', ['return await Promise.race([record().then(() => true), tooLate]);', 'return true;']),
  without('the confirmation', [
    `${CLAIM}${CLAIMED}`,
    "return settle(followed, { status, by: 'callback', confirmed: true, reason, atMs });",
  ]),
  without('the look before a signal', [`${LOOK}${FULL}`, '']),
  { ...without('encryption'), isSealed: false },
  without('packing', [
    'const deflated = deflateRawSync(bytes, { dictionary: DICTIONARY, level: 9 });',
    'const deflated = bytes;',
  ]),
  without(
    'search attributes',
    ['if (published === AT_START && !isWorthAnEvent(current)) return;', 'if (policy) return;'],
    [START, '{ ...options, typedSearchAttributes: [], ...once, workflowId, taskQueue }'],
  ),
  without(
    'texts for operators and memo',
    ['setCurrentDetails(describePayout(current, next, policy, page));', ''],
    [START, '{ ...options, memo: {}, ...once, workflowId, taskQueue }'],
  ),
  without(
    'queues for each kind of call',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: text of a source
    ['return `gateway-${endpoint}.${kind}`;', 'void kind; return `gateway-${endpoint}.send`;'],
    ['CALL_KINDS.map((kind) =>', "CALL_KINDS.filter((kind) => kind === 'send').map((kind) =>"],
  ),
  without('the pause of failing endpoints', ['{ gatewayOf, gate, watches,', '{ gatewayOf, watches,']),
  without('pauses within a poll attempt', [
    'if (forMs > LONGEST_PAUSE_MS || signal.aborted) return false;',
    'return false;',
  ]),
  without('the notifications worker', [
    `Worker.create({ ${NOTIFICATIONS} maxConcurrentActivityTaskExecutions: deliveriesAtOnce(subscribers.length) })`,
    '...[]',
  ]),
  { name: 'with a subscriber', cuts: [], more: startSubscriber },
  { name: 'with signed status requests', cuts: [], more: () => ({ GATEWAY_STATUS_API: 'v4' }) },
];

/** A subscriber as a process of its own, which does not count; the environment that names it. */
async function startSubscriber(house: House): Promise<NodeJS.ProcessEnv> {
  const port = String(await house.takePort());
  const program = path.join(projectRoot, 'test', 'support', 'subscriber.ts');
  const args = ['--import', 'tsx', program, port, path.join(house.dir, 'notified.jsonl')];
  await house.run('subscriber', process.execPath, args, { PATH: process.env.PATH });
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const entry = { name: 'bench', url: `http://127.0.0.1:${port}/all`, secret, allowPrivateAddresses: true };
  const file = path.join(house.dir, 'notifications.json');
  await writeFile(file, JSON.stringify([entry]), { mode: 0o600 });
  return { NOTIFICATIONS_FILE: file };
}
