import type { FastifyPluginAsync } from 'fastify';

const LANDING_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>Your payout</title></head>
<body><main><h1>Thank you</h1><p>Your details were handed over. Your payout is being processed; you can close this page.</p></main></body>
</html>
`;

/**
 * Where the gateway's final redirect brings the Receiver's browser back, by POST or GET. Nothing of what it carries is read, believed
 * or logged: it passed through a browser. The outcome comes from the order status and the callback alone.
 */
export function receiverRoutes(): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 16 * 1024 }, (_request, _body, done) =>
      done(null, null),
    );
    app.route({
      method: ['GET', 'POST'],
      url: '/r/return',
      schema: { hide: true },
      config: { access: 'receiver' },
      handler: async (_request, reply) =>
        reply
          .header('cache-control', 'no-store')
          .header('referrer-policy', 'no-referrer')
          .type('text/html')
          .send(LANDING_PAGE),
    });
  };
}
