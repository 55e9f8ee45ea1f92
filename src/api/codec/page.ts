import { createHash } from 'node:crypto';
import { readWeb } from '../plugins/assets';
import { fill, type Markup, markup } from '../plugins/markup';

const PAGE = readWeb('codec/sign-in.html');
const STYLE = /<style>([^<]*)<\/style>/.exec(PAGE)?.[1] ?? '';

/** No script at all, one style by its hash, and forms that go nowhere else: a key is typed into this page. */
export const PAGE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  // With no-referrer, which is the rule elsewhere, a browser hides the origin of the form from us too.
  'referrer-policy': 'same-origin',
} as const;

export interface PageState {
  /** The caller whose session this browser has; null for none. */
  readonly caller: string | null;
  /** Where the Temporal interface is. */
  readonly origin: string;
  readonly problem?: 'wrong_key' | 'wrong_scope';
  /** False while there are no API keys: then there is nothing to sign in with. */
  readonly hasKeys: boolean;
}

const PROBLEMS = {
  wrong_key: markup`That is not a valid API key.`,
  wrong_scope: markup`That key lacks the scope <code>codec</code>.`,
} as const;

/** The page where a person signs in for reading payloads. */
export function renderPage({ caller, origin, problem, hasKeys }: PageState): string {
  return fill(PAGE, {
    origin,
    problem: problem === undefined ? null : markup`<p role="alert">${PROBLEMS[problem]}</p>`,
    form: hasKeys ? renderForm(caller) : markup`<p>There are no API keys: you do not need to sign in.</p>`,
  });
}

function renderForm(caller: string | null): Markup {
  if (caller !== null) {
    return markup`<p role="status">Signed in as <strong>${caller}</strong>, for at most eight hours.</p>
<p>In the Temporal UI, once for this browser: open <em>Codec Server</em> (the glasses at the top), choose <em>Use my browser setting</em>,
enter the address of this page and switch on <em>Include cross-origin credentials</em>. Then reload the payout.</p>
<form method="post" action="/codec"><button name="act" value="leave">Sign out</button></form>`;
  }
  return markup`<form method="post" action="/codec">
<label for="key">API key with scope codec</label>
<input id="key" name="key" type="password" autocomplete="off" required maxlength="256" autofocus>
<button name="act" value="enter">Sign in</button></form>`;
}
