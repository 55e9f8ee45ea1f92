import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** A subscriber on this machine, to try notifications with. */
export interface TrySubscriber {
  readonly file: string;
  readonly url: string;
  readonly secret: string;
}

/**
 * The subscriber of `npm start -- --notify URL`, as a NOTIFICATIONS_FILE. Its secret stays the same while the file is there.
 * @throws RangeError for an address that is not on this machine: a demonstration notifies no one else
 */
export function ensureTrySubscriber(file: string, url: string): TrySubscriber {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  if (protocol !== 'http:' || !['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
    throw new RangeError('--notify: expected an address on this machine, such as http://127.0.0.1:9000/hooks');
  const [known] = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { secret: string }[]) : [];
  const secret = known?.secret ?? `whsec_${randomBytes(32).toString('base64')}`;
  const subscriber = { name: 'try', url, secret, allowPrivateAddresses: true };
  writeFileSync(file, `${JSON.stringify([subscriber])}\n`, { mode: 0o600 });
  return { file, url, secret };
}
