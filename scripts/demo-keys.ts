import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makePayloadKey } from './payload-key';

/** What the product and the simulator agree on, as files: the demonstration's stand-in for what a gateway hands out. */
export interface DemoKeys {
  readonly login: string;
  readonly controlKey: string;
  readonly controlKeyFile: string;
  readonly privateKeyFile: string;
  readonly hashKeyFile: string;
  readonly receiverLinkKeysFile: string;
  readonly publicKeyFile: string;
  /** Null for a folder from before payloads were encrypted: payouts in flight stand in Temporal in clear and go on so. */
  readonly payloadKeysFile: string | null;
}

const LOGIN = 'cp-demo';

function keepFile(file: string, make: () => string): string {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

/**
 * The key of the payloads is made with the first of the others, or never: a key that came later could not read what is in flight.
 * @throws Error when it was made and is gone: without it no payout of before could be read
 */
function keepPayloadKey(dir: string, isNew: boolean): string | null {
  const file = path.join(dir, 'payload-keys');
  const mark = path.join(dir, 'payloads-are-encrypted');
  if (isNew || existsSync(file)) {
    keepFile(file, () => `${makePayloadKey()}\n`);
    keepFile(mark, () => '');
    return file;
  }
  if (!existsSync(mark)) return null;
  throw new Error(`${file} is gone: payouts cannot be read without it. Put it back, or begin anew in an empty folder.`);
}

/** Makes the keys of a demonstration in a folder, mode 0600, or reads those made before. Changing them would orphan payouts in flight. */
export function ensureDemoKeys(dir: string): DemoKeys {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // Also a folder that was there before.
  chmodSync(dir, 0o700);
  const privateKeyFile = path.join(dir, 'private-key.pem');
  const publicKeyFile = path.join(dir, 'public-key.pem');
  const controlKeyFile = path.join(dir, 'control-key');
  // First, so that a run that was killed here is not taken for one of before.
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
