import tls from 'node:tls';
import { createGatewayAgent } from '../../src/gateway/endpoint';
import { exchange } from '../../src/gateway/exchange';

/** Run with certificate checks turned off by the environment: asks a self-signed server by bare TLS, and by the gateway's pool. */
async function main(port: string): Promise<void> {
  const bare = await new Promise<string>((resolve) => {
    const socket = tls.connect({ host: 'localhost', port: Number(port) }, () => {
      resolve('connected');
      socket.destroy();
    });
    socket.on('error', () => resolve('refused'));
  });
  const base = new URL(`https://localhost:${port}/paynet`);
  const agent = createGatewayAgent({ base, connections: 1, connectMs: 2_000 });
  const pooled = await exchange(agent, {
    url: base,
    headers: {},
    body: 'account_number=1',
    writeBeforeMs: Date.now() + 5_000,
    answerMs: () => 5_000,
    maxReplyBytes: 1_000,
    now: Date.now,
  });
  await agent.destroy();
  process.stdout.write(JSON.stringify({ bare, pooled }));
}

main(process.argv[2] ?? '').catch(() => process.exit(1));
