import { type AddressInfo, connect } from 'node:net';
import { makeApp, problemBody } from '../app-harness';

describe('an address that leads to no route', () => {
  it.each(['/payouts/%zzMARKER', '/callbacks/default%MARKER', '/docs/static/%c0%aeMARKER'])(
    '%s is refused without being repeated',
    async (url) => {
      const { app, store } = await makeApp({});
      const response = await app.inject(url);
      expect(response.json()).toEqual(
        problemBody('invalid_request', [{ field: 'path', expected: 'a well-formed address' }]),
      );
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(store.read).toHaveBeenCalledTimes(0);
    },
  );

  it('an id longer than any is not found, and not repeated', async () => {
    const { app } = await makeApp({});
    const response = await app.inject(`/payouts/MARKER${'a'.repeat(300)}`);
    expect([response.statusCode, response.json().code]).toEqual([404, 'not_found']);
    expect(response.body).not.toContain('MARKER');
  });
});

describe('bytes that are no request', () => {
  /** Writes bytes to a listening app; resolves with all it answered until it hung up. */
  async function send(bytes: string) {
    const { app, log } = await makeApp({});
    await app.listen({ host: '127.0.0.1', port: 0 });
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
      });
      socket.on('close', () => resolve(text)).on('error', () => undefined);
    });
    await app.close();
    return { answer, log: log() };
  }

  it.each([
    ['no HTTP', 'MARKER\r\n\r\n', 400, 'invalid_request'],
    [
      'two lengths',
      'POST /callbacks/default?MARKER=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
      'invalid_request',
    ],
    ['headers without end', `GET / HTTP/1.1\r\nMARKER: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
  ])('%s: a problem, told and logged without them', async (_name, bytes, status, code) => {
    const { answer, log } = await send(bytes);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, code });
    expect(answer + log).not.toContain('MARKER');
  });
});
