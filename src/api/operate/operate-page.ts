import { RESOLUTIONS } from '../../domain/operator';
import { LASTING_ATTENTIONS, PASSING_ATTENTIONS } from '../../domain/payout';
import { LISTED_STATES } from '../../store/listed-payout';

/** Nothing but its own files and its own API; no text may ever become markup or script. */
export const OPERATE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const options = (values: readonly string[]) =>
  values.map((value) => `<option value="${value}">${value.replaceAll('_', ' ')}</option>`).join('');

/** The page as everybody gets it: it holds no data. Addresses are relative, so that it works below a path. */
export const OPERATE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Payouts</title>
<link rel="icon" href="operate/icon.svg">
<link rel="stylesheet" href="operate/operate.css">
<script src="operate/operate.js" defer></script>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>
<p class="brand">Payouts</p>
<nav aria-label="Pages"><a href="#/">List</a> <a href="#/reasons">Reasons</a></nav>
<button id="sign-out" type="button" class="quiet" hidden>Sign out</button>
</header>
<main id="main" tabindex="-1">
<noscript><p>This page needs JavaScript. The API does not: see <a href="docs">its description</a>.</p></noscript>
<p id="status" role="status" aria-live="polite"></p>
<p id="problem" role="alert"></p>

<section id="sign-in" aria-labelledby="sign-in-title" hidden>
<h1 id="sign-in-title">Sign in</h1>
<form id="sign-in-form" class="narrow">
<label for="key">API key</label>
<input id="key" type="password" autocomplete="off" spellcheck="false" required>
<p class="hint">Kept in this tab until you sign out or close it. Acts stand in the timeline under the name of the key.</p>
<button type="submit">Sign in</button>
</form>
</section>

<section id="list" aria-labelledby="list-title" hidden>
<h1 id="list-title">Payouts</h1>
<ul id="counts" class="counts" aria-label="How many there are; a moment behind"></ul>
<div id="attention-part">
<h2>Needs a person</h2>
<p id="attention-none" hidden>Nothing needs a person.</p>
<div class="table" role="region" tabindex="0" aria-label="Payouts that need a person"><table id="attention-table"></table></div>
<button id="attention-more" type="button" class="quiet" hidden>More that need a person</button>
</div>
<h2 id="found-title">All</h2>
<form id="filters" class="filters" aria-label="Filters">
<div><label for="f-state">State</label><select id="f-state" name="state"><option value="">any</option>${options(LISTED_STATES)}</select></div>
<div><label for="f-attention">Attention</label><select id="f-attention" name="attention"><option value="">any or none</option><option value="any">some</option>${options([...PASSING_ATTENTIONS, ...LASTING_ATTENTIONS])}</select></div>
<div><label for="f-id">clientOrderId</label><input id="f-id" name="clientOrderId" autocomplete="off" spellcheck="false" aria-describedby="f-id-hint"><p class="hint" id="f-id-hint">whole, or its beginning and *</p></div>
<div><label for="f-order">Order id</label><input id="f-order" name="orderId" inputmode="numeric" autocomplete="off"></div>
<div><label for="f-endpoint">Endpoint</label><input id="f-endpoint" name="endpoint" autocomplete="off" spellcheck="false"></div>
<div><label for="f-currency">Currency</label><input id="f-currency" name="currency" maxlength="3" autocomplete="off" spellcheck="false"></div>
<div><label for="f-from">Created from (UTC)</label><input id="f-from" name="createdFrom" type="datetime-local"></div>
<div><label for="f-to">Created before (UTC)</label><input id="f-to" name="createdTo" type="datetime-local"></div>
<div class="buttons"><button type="submit">Show</button> <button type="reset" class="quiet">Clear</button> <button id="export" type="button" class="quiet">Save as CSV</button></div>
</form>
<p id="found-none" hidden>No payout matches.</p>
<div class="table" role="region" tabindex="0" aria-label="Payouts found"><table id="found-table"></table></div>
<button id="found-more" type="button" class="quiet" hidden>More</button>
</section>

<section id="payout" aria-labelledby="payout-title" hidden>
<p><a href="#/">Back to the list</a></p>
<h1 id="payout-title"></h1>
<div id="payout-body" hidden>
<p id="payout-state" class="lead"></p>
<div id="payout-attention" class="attention" hidden></div>
<dl id="payout-facts" class="facts"></dl>
<h2>What you can do</h2>
<ul id="payout-actions" class="actions"></ul>
<h2>Timeline</h2>
<div class="table" role="region" tabindex="0" aria-label="Timeline"><table id="payout-timeline"></table></div>
</div>
</section>

<section id="reasons" aria-labelledby="reasons-title" hidden>
<h1 id="reasons-title">Reasons for attention</h1>
<p><strong>Never pay again under another clientOrderId before the gateway has said, in writing or in its own interface, that no money
moved or will move under the first.</strong> Each reason has a page in docs/runbook.</p>
<dl id="reasons-list" class="reasons"></dl>
</section>
</main>

<dialog id="act" aria-labelledby="act-title">
<form id="act-form" method="dialog">
<h2 id="act-title"></h2>
<p id="act-about"></p>
<p id="act-confirm" class="warning"></p>
<div id="act-outcome-part" hidden><label for="act-outcome">What is it?</label><select id="act-outcome"><option value="">choose</option>${options(RESOLUTIONS)}</select><p class="hint">processing hands it back to be followed</p></div>
<label for="act-reason">Reason</label>
<textarea id="act-reason" rows="3" maxlength="500" required aria-describedby="act-hint"></textarea>
<p id="act-hint" class="hint">Stands in the timeline for ever: no account data.</p>
<p id="act-problem" role="alert"></p>
<div class="buttons"><button id="act-do" type="submit"></button> <button id="act-back" type="button" class="quiet">Back</button></div>
</form>
</dialog>
</body>
</html>
`;
