import { z } from 'zod';
import { keyOf } from '../notifications/signature';
import { isAllowedTarget, TARGET_RULE } from '../notifications/target';
import { type Reading, readKeyFile } from './list-file';

const SECRET_RULE = 'whsec_ and the base64 of 24 to 64 bytes';
const secret = z.string().refine((value) => keyOf(value) !== null, { error: `expected ${SECRET_RULE}` });
const filePath = z.string().min(1, 'expected the path of a file');

/** The fields of a service that signed requests go to. */
export const TARGET_FIELDS = {
  url: z.string(),
  secret: secret.optional(),
  secretFile: filePath.optional(),
  olderSecrets: z.array(secret).default([]),
  olderSecretFiles: z.array(filePath).default([]),
  allowPrivateAddresses: z.boolean().default(false),
} as const;
type Target = z.output<z.ZodObject<typeof TARGET_FIELDS>>;

/** True for a URL that requests may go to. */
export function isTarget({ url, allowPrivateAddresses: allowPrivate }: Target): boolean {
  return isAllowedTarget(url, { allowPrivate });
}
export const TARGET_ISSUE = { path: ['url'], error: `expected ${TARGET_RULE}` };

/** True when the entry itself holds a secret. */
export function holdsSecret({ secret: own, olderSecrets }: Target): boolean {
  return (own ?? olderSecrets[0]) !== undefined;
}

/** Its secrets, the one that signs first; null and a complaint when that one is missing. */
export function readSecrets(read: Target, reading: Reading, within = ''): readonly [string, ...string[]] | null {
  if ((read.secret === undefined) === (read.secretFile === undefined)) {
    reading.problems.push(`${reading.where}: ${within}secret: expected exactly one of secret and secretFile`);
    return null;
  }
  const readFrom = (file: string, field: string) =>
    readKeyFile(file, { field: within + field, schema: secret }, reading);
  const own = read.secretFile === undefined ? read.secret : readFrom(read.secretFile, 'secretFile');
  const older = read.olderSecretFiles.map((file, index) => readFrom(file, `olderSecretFiles.${index}`));
  if (own === null || own === undefined) return null;
  return [own, ...read.olderSecrets, ...older.filter((key) => key !== null)];
}
