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

type Named<Name extends string, Value = string> = Readonly<Record<Name, Value>>;
/** What a person says first of what they found out, and what follows; without a button nothing may be done. */
type Question<Answer extends string> = {
  readonly asks: string;
  readonly answers: Named<Answer, Named<'says' | 'after' | 'button'>>;
};
type Lists = 'passing' | 'listedStates' | 'listedAttentions' | 'finalStates' | 'settlements' | 'openStates';
/** Texts that are complete, and names that a page may look any text up by. */
type Complete = {
  readonly states: Named<PayoutState>;
  readonly actions: Named<AllowedAction, ActionTexts>;
  readonly questions: {
    readonly resolve: Question<Resolution>;
    readonly resend: Question<'none' | 'order' | 'unsure'>;
  };
  readonly attentions: Named<QueueItem['attention'], AttentionAdvice>;
  readonly batchActs: Named<BatchAction, ActionTexts>;
  readonly next: Named<'watch' | (typeof ALARM_CAUSES)[number]>;
} & Named<'settledBy' | 'sources' | 'steps' | 'causes' | 'views', Named<string>> &
  Named<Lists, readonly string[]>;
/** The names and texts that the operators' page takes from this version of the server, as `operate/words.json`. */
export type Words = Omit<typeof words, keyof Complete> & Complete;

const { others, ...own } = texts;
const words = {
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
const WORDS: Words = words;

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
