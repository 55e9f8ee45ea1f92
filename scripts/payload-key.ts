import { randomBytes } from 'node:crypto';

/** A fresh entry of PAYLOAD_KEYS, `<id>:<base64 of 32 bytes>`. The id says the day, so that its turn to go can be seen. */
export function makePayloadKey(now: Date = new Date()): string {
  const id = `${now.toISOString().slice(0, 10)}-${randomBytes(2).toString('hex')}`;
  return `${id}:${randomBytes(32).toString('base64')}`;
}

if (require.main === module) process.stdout.write(`${makePayloadKey()}\n`);
