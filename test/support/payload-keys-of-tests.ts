import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readPayloadKeys } from '../../src/temporal/payload-keys';

/** The key the recorded histories of `sealed` are sealed with. It is in the repository, so it must never seal anything real. */
export const TEST_PAYLOAD_KEYS = readPayloadKeys(
  readFileSync(path.join(__dirname, '..', 'fixtures', 'payload-keys', 'not-secret'), 'utf8'),
);
