import { spawnSync } from 'node:child_process';
import { NotSettledError, PayoutClient, verifyNotification } from '../../clients/typescript';
import { ROOT } from '../docs/documents';

/** No workflow follows it any more: the API answers every wait at once. */
const UNFOLLOWED = { clientOrderId: 'PO-1', state: 'processing', outcome: null, updatedAt: '2026-01-05T10:00:00Z' };

test('a payout that no workflow follows is not asked about without a pause', async () => {
  let asked = 0;
  const client = new PayoutClient({
    baseUrl: 'http://127.0.0.1:9',
    fetch: async () => {
      asked += 1;
      return Response.json(UNFOLLOWED);
    },
  });
  await expect(client.waitUntilSettled('PO-1', { timeoutMs: 1_500 })).rejects.toThrow(NotSettledError);
  expect(asked).toBeLessThanOrEqual(4);
});

test('Node.js loads the JavaScript client as it is, without a compiler', () => {
  const script = "import * as client from './clients/typescript/index.js'; console.log(Object.keys(client).join());";
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    ...{ cwd: ROOT, encoding: 'utf8', timeout: 20_000 },
  });
  expect([stdout.trim(), stderr]).toEqual(['NotSettledError,PayoutClient,PayoutError,verifyNotification', '']);
});

test('the Python client pauses as well', () => {
  const { answered } = runPython(`
from payouts import NotSettledError, PayoutClient
class Counting(PayoutClient):
    asked = 0
    def _ask(self, *_, **__):
        self.asked += 1
        return json.loads(${JSON.stringify(JSON.stringify(UNFOLLOWED))})
client = Counting("http://127.0.0.1:9")
try:
    client.wait_until_settled("PO-1", 1.5)
except NotSettledError:
    print(json.dumps({"answered": client.asked}))
`);
  expect(answered).toBeGreaterThan(1);
  expect(answered).toBeLessThanOrEqual(4);
});

test.each(['', 'whsec_', 'whsec_AAAA'])('with the secret "%s" no notification is right', async (secret) => {
  const { refused } = runPython(`
import base64, hashlib, hmac, time
from payouts import verify_notification
secret, now = ${JSON.stringify(secret)}, str(int(time.time()))
key = base64.b64decode(secret.removeprefix("whsec_"))
signature = base64.b64encode(hmac.new(key, f"1.{now}.{{}}".encode(), hashlib.sha256).digest()).decode()
headers = {"webhook-id": "1", "webhook-timestamp": now, "webhook-signature": "v1," + signature}
try:
    verify_notification(b"{}", headers, secret)
    print(json.dumps({"refused": None}))
except ValueError as error:
    print(json.dumps({"refused": str(error)}))
`);
  expect(refused).toMatch(/^secret: expected/);
  const headers = { 'webhook-id': '1', 'webhook-timestamp': '0', 'webhook-signature': 'v1,AAAA' };
  await expect(verifyNotification('{}', headers, { secret, nowMs: 0 })).rejects.toThrow('secret: expected');
});

function runPython(code: string): Record<string, unknown> {
  const script = `import json, sys\nsys.path.insert(0, "clients/python")\n${code}`;
  const { stdout, stderr } = spawnSync('python3', ['-c', script], { cwd: ROOT, encoding: 'utf8', timeout: 20_000 });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}
