import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { registerAs } from '../plugins/access';
import { readWeb } from '../plugins/assets';
import { Problem } from '../plugins/errors';
import { fill, type Markup, markup } from '../plugins/markup';
import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from '../plugins/problems';

const PAGE = readWeb('start/page.html');

/** Addresses below our own, and what is there. */
const PLACES = [
  ['docs', 'The API, to read and to try'],
  ['openapi.json', 'The same as OpenAPI 3.1, for generators'],
  ['operate', "The operators' page: find payouts, and act on those that need a person"],
  ['problems', 'Every error the API answers, explained'],
  ['health/ready', 'Is it up, and is Temporal?'],
] as const;

/** A text with its names in backticks as code. */
const explain = (text: string): Markup[] =>
  text.split('`').map((part, at) => (at % 2 === 0 ? markup`${part}` : markup`<code>${part}</code>`));

/** A page that leads everywhere, and one for each error: the `type` of a problem is its address. They hold no data. */
export function startPageRoutes(deps: { publicBaseUrl: string; temporalUi: string | null }): FastifyPluginAsync {
  const root = deps.publicBaseUrl;
  const send = (reply: FastifyReply, title: string, content: Markup) =>
    reply.type('text/html; charset=utf-8').send(fill(PAGE, { root, title, content }));
  const link = (path: string, text: string) => markup`<a href="${root}/${path}">${text}</a>`;

  return async (app) => {
    await registerAs(app, 'public', async (scope) => {
      scope.get('/', { schema: { hide: true } }, async (_request, reply) => {
        const places = PLACES.map(([path, what]) => markup`<dt>${link(path, `/${path}`)}</dt><dd>${what}</dd>\n`);
        const ui = deps.temporalUi;
        const temporal =
          ui === null ? null : markup`<dt><a href="${ui}">${ui}</a></dt><dd>Temporal: every workflow</dd>`;
        return send(reply, 'Where to go', markup`<dl class="facts">\n${places}${temporal}</dl>`);
      });

      scope.get('/problems', { schema: { hide: true } }, async (_request, reply) => {
        const rows = PROBLEM_CODES.map((code) => {
          const { status, title } = PROBLEMS[code];
          return markup`<tr><td>${status}</td><td>${link(`problems/${code}`, code)}</td><td>${title}</td></tr>\n`;
        });
        const head = markup`<tr><th scope="col">Status</th><th scope="col">code</th><th scope="col">Means</th></tr>`;
        return send(reply, 'Errors', markup`<table><thead>${head}</thead><tbody>\n${rows}</tbody></table>`);
      });

      scope.get<{ Params: { code: string } }>(
        '/problems/:code',
        { schema: { hide: true } },
        async ({ params: { code } }, reply) => {
          if (!Object.hasOwn(PROBLEMS, code)) throw new Problem('not_found');
          const { status, title, detail } = PROBLEMS[code as ProblemCode];
          const facts = markup`<p>Status <code>${status}</code>, code <code>${code}</code></p>`;
          return send(
            reply,
            title,
            markup`${facts}\n<p>${explain(detail)}</p>\n<p>${link('problems', 'All errors')}</p>`,
          );
        },
      );
    });
  };
}
