import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { ClientOrderId } from '../../domain/ids';

/**
 * What a Receiver entered, kept in their own page while they check it: it is in none of our stores, logs or addresses, and the page has it
 * encrypted, for one payout only. Any API process can open it.
 */
export interface FormSeal {
  seal(clientOrderId: ClientOrderId, values: ReadonlyMap<string, string>): string;
  /** Null for anything that was not sealed for this payout. */
  open(clientOrderId: ClientOrderId, sealed: string): ReadonlyMap<string, string> | null;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const boundTo = (clientOrderId: ClientOrderId): Buffer => Buffer.from(clientOrderId);

/** Seals with the first key, opens with each, as links do; a link key does not reveal any of them. */
export function createFormSeal(linkKeys: readonly string[]): FormSeal {
  const keys = linkKeys.map((key) => Buffer.from(hkdfSync('sha256', key, '', 'entered details', 32)));
  return {
    seal(clientOrderId, values) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keys[0] ?? Buffer.alloc(0), iv).setAAD(boundTo(clientOrderId));
      const text = Buffer.concat([cipher.update(JSON.stringify([...values])), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
    },
    open(clientOrderId, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      for (const key of keys) {
        try {
          const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {
            authTagLength: TAG_BYTES,
          })
            .setAAD(boundTo(clientOrderId))
            .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
          const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
          return new Map(JSON.parse(text.toString()) as [string, string][]);
        } catch {
          // Another key, or not ours.
        }
      }
      return null;
    },
  };
}
