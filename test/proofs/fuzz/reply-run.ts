import { createRandom, type Random } from '../../support/random';
import { createFindings, type Findings } from './findings';
import { HOSTILE_ANSWERS, SLOW_ANSWERS } from './hostile-answers';
import { ORDER_ID, REAL_REPLIES } from './replies';
import { openLane, type Played } from './reply-lane';
import { mutate } from './reply-mutations';
import { judge, type Outcome } from './reply-oracle';

/** Twice the reply that is read at most (256 KiB), and what the sockets of both sides may hold. */
const MOST_BYTES_TAKEN = 16 * 1_048_576;
const ANSWER_MS = 5_000;
const SLOW_ANSWER_MS = 250;

/** Two real answers at once are none; only these hostile ones may be believed, about the order they name. */
const BELIEVED = ['accepted', 'approved', 'declined'];

/**
 * Plays mutated real replies and hostile answers to the gateway's client, and judges what it makes of them.
 * @param options.mutations how many mutations are played, drawn from all of them; `all` plays each
 */
export async function runReplies({ mutations, seed }: { mutations: number | 'all'; seed: number }): Promise<Findings> {
  const findings = createFindings();
  const noteRejection = (reason: unknown): void =>
    findings.violate(`unhandled: ${reason instanceof Error ? reason.name : typeof reason}`);
  process.on('unhandledRejection', noteRejection);
  const lane = await openLane(ANSWER_MS);
  const slowLane = await openLane(SLOW_ANSWER_MS);
  for (const { reply, mutation } of drawMutations(mutations, createRandom(seed))) {
    const played = await lane.play(reply, (socket) => void socket.end(mutation.bytes));
    const name = `${reply.name}, ${mutation.name}`;
    findings.count(`${reply.command}: ${describe(played.outcome)}`);
    const wrong = judge(played.outcome, mutation.bytes, reply);
    if (wrong !== null) findings.violate(`${name}: ${wrong}`);
    if (played.requests !== 1) findings.violate(`${name}: the gateway saw ${played.requests} requests`);
  }
  const asked = REAL_REPLIES.filter(({ name }) => name === 'accepted form' || name === 'approved form');
  for (const [name, play] of Object.entries(HOSTILE_ANSWERS)) {
    const isSlow = SLOW_ANSWERS.includes(name);
    for (const reply of asked) {
      const played = await (isSlow ? slowLane : lane).play(reply, play);
      findings.count(`hostile answer: ${describe(played.outcome)}`);
      for (const wrong of judgeHostile(played, isSlow)) findings.violate(`${reply.command}, ${name}: ${wrong}`);
    }
  }
  await lane.close();
  await slowLane.close();
  process.off('unhandledRejection', noteRejection);
  return findings;
}

/** Hostile answers all carry the acceptance of our order, whole or not. What is no body (1xx, chunk extensions) only time bounds. */
function judgeHostile({ outcome, requests, bytesTaken }: Played, isSlow: boolean): string[] {
  const wrong: string[] = [];
  if (requests !== 1) wrong.push(`the gateway saw ${requests} requests`);
  if (bytesTaken > MOST_BYTES_TAKEN && !isSlow) wrong.push(`took ${bytesTaken} bytes`);
  if ('failed' in outcome && outcome.failed !== 'GatewayError') wrong.push(`threw ${outcome.failed}`);
  if ('submitted' in outcome) {
    const { submitted } = outcome;
    if (submitted.outcome === 'refused' || submitted.outcome === 'not_sent') wrong.push(submitted.outcome);
    if (submitted.outcome === 'accepted' && submitted.orderId !== ORDER_ID) wrong.push('accepted another order');
  }
  if ('answer' in outcome && (!outcome.answer.found || BELIEVED.includes(outcome.answer.report.status)))
    wrong.push('an acceptance read as an end');
  return wrong;
}

function describe(outcome: Outcome): string {
  if ('failed' in outcome) return outcome.failed;
  if ('submitted' in outcome) return outcome.submitted.outcome;
  return outcome.answer.found ? outcome.answer.report.status : 'not found';
}

function drawMutations(mutations: number | 'all', random: Random) {
  const all = REAL_REPLIES.flatMap((reply) => [...mutate(reply)].map((mutation) => ({ reply, mutation })));
  if (mutations === 'all') return all;
  const share = mutations / all.length;
  return all.filter(() => random() < share);
}
