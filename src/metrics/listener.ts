import { createServer, type Server } from 'node:http';

const MOST_CONNECTIONS = 20;
const REQUEST_LIMIT_MS = 5_000;

/**
 * Serves `/metrics` on a port of its own and nothing else, so that no proxy in front of the API leads there.
 * @param address `address:port`, an IPv6 address in brackets
 * @throws when nothing can listen there
 */
export async function serveMetrics(
  address: string,
  { contentType, render }: { readonly contentType: string; readonly render: () => Promise<string> },
): Promise<Server> {
  const server = createServer(
    { requestTimeout: REQUEST_LIMIT_MS, headersTimeout: REQUEST_LIMIT_MS },
    (request, reply) => {
      if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') return void reply.writeHead(404).end();
      render().then(
        (text) => reply.writeHead(200, { 'content-type': contentType }).end(text),
        () => reply.writeHead(500).end(),
      );
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(address) ?? [];
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: Number(port) }, resolve);
  });
  return server;
}
