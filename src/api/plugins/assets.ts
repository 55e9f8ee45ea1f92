import { createHash } from 'node:crypto';
import { RECEIVER_SCRIPT } from '../receiver/pages/receiver-script';
import { RECEIVER_STYLE } from '../receiver/pages/receiver-style';

/** A file of the Receiver's pages, held as text, so that a build has nothing to copy. `path` follows the base of the pages. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

/** The name of a file carries what is in it: a browser may keep it for ever, and a new build is seen at once. */
function name(stem: string, ending: 'css' | 'js', body: string): string {
  return `assets/${stem}-${createHash('sha256').update(body).digest('hex').slice(0, 12)}.${ending}`;
}

export const ASSETS = {
  style: { path: name('receiver', 'css', RECEIVER_STYLE), type: 'text/css; charset=utf-8', body: RECEIVER_STYLE },
  script: {
    path: name('receiver', 'js', RECEIVER_SCRIPT),
    type: 'text/javascript; charset=utf-8',
    body: RECEIVER_SCRIPT,
  },
} as const satisfies Record<string, Asset>;
