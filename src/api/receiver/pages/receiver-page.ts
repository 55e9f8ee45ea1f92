import { detailsUntil, type Payout } from '../../../domain/payout';
import { ASSETS } from '../../plugins/assets';
import { type Markup, markup } from '../../plugins/markup';
import { isOver, type ReceiverStage } from '../receiver-stage';
import { type DetailsForm, renderDetailsForm } from './details-form';
import { writeAmount, writeTime } from './language';
import { LANGUAGES, type Language, TEXTS, type TextKey } from './receiver-texts';

export interface ReceiverPage {
  readonly payout: Payout;
  readonly stage: ReceiverStage;
  /** A name for what is seen; the script looks for another one. */
  readonly tag: string;
  /** The last part of the page's own path. */
  readonly token: string;
  /** Path under which all of these pages are, with a slash at its end. */
  readonly base: string;
  readonly language: Language;
  /** The form to be filled in, at the stage `details`. */
  readonly form: DetailsForm | null;
  /** Seconds until a page without script loads itself again. */
  readonly pauseS: number;
}

/** One payout for its Receiver: how it stands, what to do, and no account data beyond the masked tail. */
export function renderReceiverPage(page: ReceiverPage): string {
  const { payout, stage, tag, base, language, form, pauseS } = page;
  const self = `${base}${page.token}`;
  const texts = TEXTS[language];
  const isWaiting = !isOver(stage);
  return renderDocument({
    language,
    base,
    self,
    heading: texts[`${stage}_heading`],
    // A form that is being filled in must not be loaded anew.
    refreshS: isWaiting && form === null ? pauseS : null,
    body: markup`<main id="payment" data-stage="${stage}" data-tag="${tag}" data-status="${self}/status" data-over="${String(!isWaiting)}">
<div class="state">
<span class="mark mark-${stage}" aria-hidden="true"></span>
<h1>${texts[`${stage}_heading`]}</h1>
<p>${texts[`${stage}_text`]}</p>
${stage === 'form' && payout.redirectTo !== null ? renderWayOn(payout.redirectTo, language) : null}
</div>
${renderFacts(payout, language)}
${form === null ? null : renderDetailsForm(form, { self, language })}
${stage === 'form' ? null : markup`<p class="hint">${texts[`${stage}_hint`]}</p>`}
${isWaiting && form === null ? markup`<p class="hint again"><span class="script-only">${texts.updates_itself} </span><a href="${self}?lang=${language}">${texts.look_again}</a></p>` : null}
</main>`,
  });
}

/** The address was checked when it was read from the gateway (`toSafeRedirect`). The host is said before anybody goes there. */
function renderWayOn(redirectTo: string, language: Language): Markup | null {
  const url = URL.canParse(redirectTo) ? new URL(redirectTo) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const texts = TEXTS[language];
  return markup`<p><a class="button" rel="noreferrer" href="${url.href}">${texts.form_button} <span class="host">${url.host}</span></a></p>
<p class="hint">${texts.form_hint}</p>`;
}

function renderFacts(payout: Payout, language: Language): Markup {
  const texts = TEXTS[language];
  const untilMs = detailsUntil(payout);
  return markup`<dl>
<div class="amount"><dt>${texts.amount}</dt><dd>${writeAmount(payout.amount, payout.currency, language)}</dd></div>
${payout.destination === null ? null : markup`<div><dt>${texts.destination}</dt><dd>${payout.destination}</dd></div>`}
<div><dt>${texts.reference}</dt><dd class="reference">${payout.clientOrderId}</dd></div>
${payout.state !== 'awaiting_details' || untilMs === null ? null : markup`<div><dt>${texts.details_until}</dt><dd>${writeTime(untilMs, language)}</dd></div>`}
</dl>`;
}

export type Notice = 'unknown' | 'link_expired' | 'busy' | 'unavailable';

/** A page that says one thing and knows nothing about any payout. */
export function renderNotice(notice: Notice, { base, language }: { base: string; language: Language }): string {
  const heading: TextKey = `${notice}_heading`;
  const texts = TEXTS[language];
  return renderDocument({
    language,
    base,
    self: null,
    heading: texts[heading],
    refreshS: notice === 'unavailable' || notice === 'busy' ? 15 : null,
    body: markup`<main id="payment">
<div class="state">
<span class="mark mark-${notice}" aria-hidden="true"></span>
<h1>${texts[heading]}</h1>
<p>${texts[`${notice}_text`]}</p>
</div>
</main>`,
  });
}

interface Document {
  readonly language: Language;
  readonly heading: string;
  readonly body: Markup;
  readonly base: string;
  /** Path of the page, for links to the other languages; null where there is nothing to come back to. */
  readonly self: string | null;
  readonly refreshS: number | null;
}

function renderDocument({ language, heading, body, base, self, refreshS }: Document): string {
  const texts = TEXTS[language];
  const others = LANGUAGES.filter((other) => other !== language).map(
    (other) => markup`<a lang="${other}" hreflang="${other}" href="${self}?lang=${other}">${TEXTS[other].language}</a>`,
  );
  return markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>${heading} – ${texts.title}</title>
<link rel="stylesheet" href="${base}${ASSETS.style.path}">
<script src="${base}${ASSETS.script.path}" defer></script>
${refreshS === null ? null : markup`<noscript><meta http-equiv="refresh" content="${refreshS}"></noscript>`}
</head>
<body>
<header><p>${texts.title}</p>${self === null ? null : markup`<nav>${others}</nav>`}</header>
${body}
</body>
</html>
`.text;
}
