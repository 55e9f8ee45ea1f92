import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyPluginAsync } from 'fastify';
import type { z } from 'zod';
import texts from '../../../web/operate/texts.json';
import { ATTENTION_ADVICE, type AttentionAdvice } from '../../domain/attention-advice';
import type { BatchAction } from '../../domain/batch';
import type { viewLimit } from '../../domain/limit-rules';
import type { ALARM_CAUSES } from '../../domain/next-step';
import type { Resolution } from '../../domain/operator';
import { FINAL_STATES, PASSING_ATTENTIONS, type PayoutState } from '../../domain/payout';
import { SETTLEMENTS } from '../../domain/returns';
import { ALLOWED_ACTIONS, type AllowedAction, type viewPayout, type viewStep } from '../../domain/view';
import type { QueueItem } from '../../store/attention-queue';
import { LISTED_STATES, WAITING_STATES } from '../../store/list-filter';
import type { batchAnswer, checkedBatch } from '../batches/answers';
import { registerAs } from '../plugins/access';
import { serveAssets } from '../plugins/assets';
import { Problem } from '../plugins/errors';

/** What the operators' page shows, as the API answers it. */
export type Payout = ReturnType<typeof viewPayout>;
export type Step = ReturnType<typeof viewStep>;
export type Batch = z.output<typeof batchAnswer>;
export type CheckedBatch = z.output<typeof checkedBatch>;
export type { AttentionQueue, QueueItem } from '../../store/attention-queue';
export type { ListedPayout } from '../../store/payout-list';
export type Limit = ReturnType<typeof viewLimit>;

interface ActionTexts {
  readonly name: string;
  readonly does: string;
  /** What the payout must be for it; shown while it is not. */
  readonly needs: string;
  readonly confirm: string;
}

/** What a person says first of what they found out, and what follows from it. */
interface Question<Value extends string> {
  readonly asks: string;
  /** `after`: what is true once it is done; without a button nothing may be done. */
  readonly answers: Readonly<Record<Value, { readonly says: string; readonly after: string; readonly button: string }>>;
}

/** The names and texts that the operators' page takes from this version of the server, as `operate/words.json`. */
export interface Words {
  readonly states: Readonly<Record<PayoutState, string>>;
  readonly actions: Readonly<Record<AllowedAction, ActionTexts>>;
  readonly questions: {
    readonly resolve: Question<Resolution>;
    readonly resend: Question<'none' | 'order' | 'unsure'>;
  };
  readonly attentions: Readonly<Record<QueueItem['attention'], AttentionAdvice>>;
  readonly resendNotification: ActionTexts;
  readonly batchActs: Readonly<Record<BatchAction, ActionTexts>>;
  /** Of a payout that nothing follows: what it is, and what to consider before it leaves the queue. */
  readonly stopped: { readonly state: string; readonly acknowledge: string };
  /** What to do about one that nothing can change any more, and what its outcome is worth. */
  readonly ended: string;
  readonly contested: string;
  /** What `deadline_passed` means, by whether an order is known. */
  readonly deadline: Readonly<Record<'sent' | 'unsent', AttentionAdvice>>;
  /** Reasons that pass by themselves. */
  readonly passing: readonly string[];
  readonly settledBy: Readonly<Record<string, string>>;
  /** Who a step of the timeline came from, and what it was; `causes` are of sends that failed or are in doubt. Others are said as they are. */
  readonly sources: Readonly<Record<string, string>>;
  readonly steps: Readonly<Record<string, string>>;
  readonly causes: Readonly<Record<string, string>>;
  /** What happens next by itself. */
  readonly next: Readonly<Record<'watch' | (typeof ALARM_CAUSES)[number], string>>;
  /** Filters of saved views of the Temporal UI, by their names. */
  readonly views: Readonly<Record<string, string>>;
  /** A line that sets columns there; the columns are put in. */
  readonly setColumns: string;
  readonly actionOrder: readonly AllowedAction[];
  readonly listedStates: readonly string[];
  readonly listedAttentions: readonly string[];
  readonly finalStates: readonly string[];
  /** Whether the money of an approved one came back. */
  readonly settlements: readonly string[];
  /** Those of payouts that are not final. */
  readonly openStates: readonly string[];
}

const { others, ...own } = texts;
const WORDS: Words = {
  ...own,
  attentions: { ...ATTENTION_ADVICE, ...others },
  actionOrder: ALLOWED_ACTIONS,
  listedStates: LISTED_STATES,
  listedAttentions: Object.keys(ATTENTION_ADVICE),
  passing: PASSING_ATTENTIONS,
  finalStates: FINAL_STATES,
  settlements: SETTLEMENTS,
  openStates: ['open', ...WAITING_STATES],
};

/** Nothing but its own files and its own API; no text may ever become markup or script. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cache-control': 'no-cache',
};

/** `docs/runbook` is beside `src`, in the sources as in the build. */
const RUNBOOK = path.join(__dirname, '../../../docs/runbook');

/** The pages of the runbook as Markdown, by attention. */
function readRunbook(): ReadonlyMap<string, string> {
  const names = readdirSync(RUNBOOK).filter((name) => /^[a-z_]+\.md$/.test(name));
  return new Map(names.map((name) => [path.parse(name).name, readFileSync(path.join(RUNBOOK, name), 'utf8')]));
}

/** The operators' page. Anyone may load it: it holds no data, and asks the API with a key like every other caller. */
export const operatePage: FastifyPluginAsync = async (app) => {
  const runbook = readRunbook();
  await registerAs(app, 'public', async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => void reply.headers(HEADERS));
    await serveAssets(scope, 'operate', { prefix: '/operate/', cacheControl: false });
    scope.get('/operate', { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'));
    scope.get('/operate/words.json', { schema: { hide: true } }, async () => WORDS);
    scope.get<{ Params: { name: string } }>(
      '/operate/runbook/:name',
      { schema: { hide: true } },
      async ({ params: { name } }, reply) => {
        const page = runbook.get(name);
        if (page === undefined) throw new Problem('not_found');
        return reply.type('text/plain; charset=utf-8').send(page);
      },
    );
  });
};
