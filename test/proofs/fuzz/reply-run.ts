import { createRandom, type Random } from '../../support/random';
import { createFindings, type Findings } from './findings';
import { HOSTILE_ANSWERS } from './hostile-answers';
import { ORDER_ID, REAL_REPLIES, type RealReply } from './replies';
import { openLane, type Played } from './reply-lane';
import { type Mutation, mutate } from './reply-mutations';
import { judge, type Outcome } from './reply-oracle';

/** Twice the reply that is read at most (256 KiB), and what the sockets of both sides may hold. */
const MOST_BYTES_TAKEN = 16 * 1_048_576;
const ANSWER_MS = 5_000;
const SLOW_ANSWER_MS = 250;

/** Two real answers at once are none; only these hostile ones may be believed, about the order they name. */
const BELIEVED = ['accepted', 'approved', 'declined'];

export interface ReplyRunOptions {
  /** How many mutations of real replies are played, drawn from all of them; `all` plays each. */
  readonly mutations: number | 'all';
  readonly seed: number;
}

/** Plays mutated real replies and hostile answers to the gateway's client, and judges what it makes of them. */
export async function runReplies({ mutations, seed }: ReplyRunOptions): Promise<Findings> {
  const findings = createFindings();
  const rejections = countRejections();
  const lane = await openLane(ANSWER_MS);
  const slowLane = await openLane(SLOW_ANSWER_MS);
  for (const { reply, mutation } of drawMutations(mutations, createRandom(seed))) {
    const played = await lane.play(reply, (socket) => void socket.end(mutation.bytes));
    report(findings, `${reply.name}, ${mutation.name}`, { reply, played, bytes: mutation.bytes });
  }
  for (const { name, play, isSlow } of HOSTILE_ANSWERS) {
    for (const reply of REAL_REPLIES.filter(
      ({ name: known }) => known === 'accepted form' || known === 'approved form',
    )) {
      const played = await (isSlow === true ? slowLane : lane).play(reply, play);
      findings.count(`hostile answer: ${describe(played.outcome)}`);
      for (const wrong of judgeHostile(played, isSlow ?? false))
        findings.violate(`${reply.command}, ${name}: ${wrong}`);
    }
  }
  await lane.close();
  await slowLane.close();
  for (const what of rejections.stop()) findings.violate(`unhandled: ${what}`);
  return findings;
}

function report(findings: Findings, name: string, found: { reply: RealReply; played: Played; bytes: Buffer }): void {
  const { outcome, requests } = found.played;
  findings.count(`${found.reply.command}: ${describe(outcome)}`);
  const wrong = judge(outcome, found.bytes, found.reply);
  if (wrong !== null) findings.violate(`${name}: ${wrong}`);
  if (requests !== 1) findings.violate(`${name}: the gateway saw ${requests} requests`);
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

interface Drawn {
  readonly reply: RealReply;
  readonly mutation: Mutation;
}

function drawMutations(mutations: number | 'all', random: Random): readonly Drawn[] {
  const all = REAL_REPLIES.flatMap((reply) => [...mutate(reply)].map((mutation) => ({ reply, mutation })));
  if (mutations === 'all') return all;
  const share = mutations / all.length;
  return all.filter(() => random() < share);
}

function countRejections() {
  const seen: string[] = [];
  const note = (reason: unknown): void => void seen.push(reason instanceof Error ? reason.name : typeof reason);
  process.on('unhandledRejection', note);
  return {
    stop(): readonly string[] {
      process.off('unhandledRejection', note);
      return seen;
    },
  };
}
