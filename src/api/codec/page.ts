import { createHash } from 'node:crypto';
import { Markup, markup } from '../plugins/markup';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; place-items: start center; }
main { width: min(34rem, calc(100% - 3rem)); margin: 3rem 0; }
h1 { font-size: 1.4rem; }
label { display: block; font-weight: 600; }
input { box-sizing: border-box; width: 100%; margin: .4rem 0 1rem; padding: .6rem; font: inherit; }
button { padding: .6rem 1.2rem; font: inherit; cursor: pointer; }
[role=alert] { border-left: .3rem solid #c62828; padding-left: .8rem; }
[role=status] { border-left: .3rem solid #2e7d32; padding-left: .8rem; }
`;

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
  wrong_key: markup`That is no valid API key.`,
  wrong_scope: markup`That key has no scope <code>codec</code>.`,
} as const;

/** The page where a person signs in for reading payloads. */
export function renderPage({ caller, origin, problem, hasKeys }: PageState): string {
  const alert = problem === undefined ? null : markup`<p role="alert">${PROBLEMS[problem]}</p>`;
  const form = hasKeys ? renderForm(caller) : markup`<p>There are no API keys: nothing has to be entered here.</p>`;
  return markup`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>Reading payloads</title><style>${new Markup(STYLE)}</style></head>
<body><main><h1>Reading payloads in the Temporal UI</h1>
<p>Shows the payloads of <a href="${origin}">${origin}</a> in clear, with account and card numbers masked. Every reading is logged.</p>
${alert}${form}
</main></body>
</html>
`.text;
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
