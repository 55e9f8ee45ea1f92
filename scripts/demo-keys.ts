import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The keys that the product and the simulator share, as files: in production the gateway hands them out. */
export interface DemoKeys {
  readonly login: string;
  readonly controlKey: string;
  readonly controlKeyFile: string;
  readonly privateKeyFile: string;
  readonly hashKeyFile: string;
  readonly receiverLinkKeysFile: string;
  readonly publicKeyFile: string;
  /** Null in tests that store payloads unencrypted. */
  readonly payloadKeysFile: string | null;
}

const LOGIN = 'cp-demo';

function keepFile(file: string, make: () => string): string {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

/** A new entry of PAYLOAD_KEYS, `<id>:<base64 of 32 bytes>`. The id is the day, so that its age can be seen. */
export function makePayloadKey(now: Date = new Date()): string {
  const id = `${now.toISOString().slice(0, 10)}-${randomBytes(2).toString('hex')}`;
  return `${id}:${randomBytes(32).toString('base64')}`;
}

/** @throws Error when the folder has other keys but not this one: payouts that were encrypted with it could not be read */
function keepPayloadKey(dir: string, isNew: boolean): string {
  const file = path.join(dir, 'payload-keys');
  if (!isNew && !existsSync(file)) {
    throw new Error(`${file} is missing: payouts cannot be read without it. Put it back, or start in an empty folder.`);
  }
  keepFile(file, () => `${makePayloadKey()}\n`);
  return file;
}

/** Makes the keys in a folder, mode 0600, or reads those that are there. New keys would break payouts in flight. */
export function ensureDemoKeys(dir: string): DemoKeys {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // The folder may have existed already.
  chmodSync(dir, 0o700);
  const privateKeyFile = path.join(dir, 'private-key.pem');
  const publicKeyFile = path.join(dir, 'public-key.pem');
  const controlKeyFile = path.join(dir, 'control-key');
  // First: a run that is killed between the two must not look like a folder whose payload key is lost.
  const payloadKeysFile = keepPayloadKey(dir, !existsSync(privateKeyFile));
  if (!existsSync(privateKeyFile) || !existsSync(publicKeyFile)) {
    const pair = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    writeFileSync(publicKeyFile, pair.publicKey, { mode: 0o600 });
    writeFileSync(privateKeyFile, pair.privateKey, { mode: 0o600 });
  }
  // UUID-shaped, upper case: the only form the gateway's own libraries take for a control key.
  const controlKey = keepFile(controlKeyFile, () => `${randomUUID().toUpperCase()}\n`);
  const [hashKeyFile, receiverLinkKeysFile] = [path.join(dir, 'hash-key'), path.join(dir, 'receiver-link-keys')];
  for (const file of [hashKeyFile, receiverLinkKeysFile]) {
    keepFile(file, () => `${randomBytes(32).toString('base64url')}\n`);
  }
  return {
    ...{ login: LOGIN, controlKey, controlKeyFile, privateKeyFile, publicKeyFile },
    ...{ hashKeyFile, receiverLinkKeysFile, payloadKeysFile },
  };
}

if (require.main === module) ensureDemoKeys(process.argv[2] ?? '.data/keys');
