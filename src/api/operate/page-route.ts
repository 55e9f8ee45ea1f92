import type { FastifyPluginAsync } from 'fastify';
import { OPERATE_PAGE, OPERATE_POLICY } from './operate-page';
import { OPERATE_SCRIPT_BASE } from './operate-script-base';
import { OPERATE_SCRIPT_LIST } from './operate-script-list';
import { OPERATE_SCRIPT_PAYOUT } from './operate-script-payout';
import { OPERATE_ICON, OPERATE_STYLE } from './operate-style';

const SCRIPT = `'use strict';\n${OPERATE_SCRIPT_BASE}${OPERATE_SCRIPT_LIST}${OPERATE_SCRIPT_PAYOUT}`;

const FILES = [
  ['/operate', 'text/html; charset=utf-8', OPERATE_PAGE],
  ['/operate/operate.js', 'text/javascript; charset=utf-8', SCRIPT],
  ['/operate/operate.css', 'text/css; charset=utf-8', OPERATE_STYLE],
  ['/operate/icon.svg', 'image/svg+xml', OPERATE_ICON],
] as const;

/** The operators' page. Everybody may have it: it holds nothing, and asks the API like every other caller. */
export function operatePageRoutes(): FastifyPluginAsync {
  return async (app) => {
    for (const [url, type, body] of FILES) {
      app.get(url, { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
        reply
          .header('content-security-policy', OPERATE_POLICY)
          .header('cache-control', 'no-cache')
          .type(type)
          .send(body),
      );
    }
  };
}
