import type { FastifyPluginAsync } from 'fastify';
import texts from '../../../web/operate/texts.json';
import { ATTENTION_ADVICE, type AttentionAdvice } from '../../domain/attention-advice';
import { RESOLUTIONS } from '../../domain/operator';
import type { AttentionReason, PayoutState } from '../../domain/payout';
import { ALLOWED_ACTIONS, type AllowedAction, type viewPayout, type viewStep } from '../../domain/view';
import { LISTED_STATES, WAITING_STATES } from '../../store/list-filter';
import { registerAs } from '../plugins/access';
import { serveAssets } from '../plugins/assets';

/** What the operators' page shows, as the API answers it. */
export type Payout = ReturnType<typeof viewPayout>;
export type Step = ReturnType<typeof viewStep>;

interface ActionTexts {
  readonly name: string;
  readonly does: string;
  /** What the payout must be for it; shown while it is not. */
  readonly needs: string;
  readonly confirm: string;
}

/** The names and texts that the operators' page takes from this version of the server, as `operate/words.json`. */
export interface Words {
  readonly states: Readonly<Record<PayoutState, string>>;
  readonly actions: Readonly<Record<AllowedAction, ActionTexts>>;
  readonly attentions: Readonly<Record<AttentionReason, AttentionAdvice>>;
  readonly actionOrder: readonly AllowedAction[];
  readonly resolutions: readonly string[];
  readonly listedStates: readonly string[];
  /** Those of payouts that are not final. */
  readonly openStates: readonly string[];
}

const WORDS: Words = {
  ...texts,
  attentions: ATTENTION_ADVICE,
  actionOrder: ALLOWED_ACTIONS,
  resolutions: RESOLUTIONS,
  listedStates: LISTED_STATES,
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

/** The operators' page. Anyone may load it: it holds no data, and asks the API with a key like every other caller. */
export const operatePage: FastifyPluginAsync = async (app) => {
  await registerAs(app, 'public', async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => void reply.headers(HEADERS));
    await serveAssets(scope, 'operate', { prefix: '/operate/', cacheControl: false });
    scope.get('/operate', { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'));
    scope.get('/operate/words.json', { schema: { hide: true } }, async () => WORDS);
  });
};
