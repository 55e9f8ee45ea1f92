import { detailsUntil, type Payout } from '../../domain/payout';
import { hashAssets, readWeb } from '../plugins/assets';
import { fill, type Markup, markup } from '../plugins/markup';
import { type DetailsForm, renderDetailsForm } from './details-form';
import { LANGUAGES, type Reader, TEXTS, writeAmount, writeTime } from './language';
import { isOver, type ReceiverStage } from './receiver-stage';

/** Of every page of a Receiver: only our own scripts and styles, no frame around it, no address passed on, nothing kept. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

/** Where the gateway's form leads back to when the link of the page is too long for it: it says nothing about any payout. */
export const RETURN_PAGE = readWeb('receiver/return.html');
const PAGE = readWeb('receiver/page.html');
/** Path of scripts and styles below the base of the pages. */
export const ASSETS_PATH = `assets/${hashAssets('receiver')}/`;

export interface ReceiverPage {
  readonly payout: Payout;
  readonly stage: ReceiverStage;
  /** A name for what is seen; the script looks for another one. */
  readonly tag: string;
  /** The last part of the page's own path. */
  readonly token: string;
  /** Path under which all of these pages are, with a slash at its end. */
  readonly base: string;
  readonly reader: Reader;
  /** The form to be filled in, at the stage `details`. */
  readonly form: DetailsForm | null;
  /** Seconds until a page without script loads itself again. */
  readonly pauseS: number;
}

/** One payout for its Receiver: its stage, what to do, and no account data beyond the masked tail. */
export function renderReceiverPage(page: ReceiverPage): string {
  const { payout, stage, tag, base, form, reader, pauseS } = page;
  const { language } = reader;
  const self = `${base}${page.token}`;
  const texts = TEXTS[language];
  const isWaiting = !isOver(stage);
  // A form that is being filled in must not be loaded anew.
  const isRefreshed = isWaiting && form === null;
  const again = markup`<p class="hint again"><span class="script-only">${texts.updates_itself} </span><a href="${self}?lang=${language}">${texts.look_again}</a></p>`;
  return renderDocument({
    ...{ base, self, reader, name: stage, refreshS: isRefreshed ? pauseS : null },
    ...{ tag, status: `${self}/status`, isOver: !isWaiting },
    body: markup`${stage === 'form' && payout.redirectTo !== null ? renderWayOn(payout.redirectTo, reader) : null}
${renderFacts(payout, reader)}
${form === null ? null : renderDetailsForm(form, { self, language })}
${stage === 'form' ? null : markup`<p class="hint">${texts[`${stage}_hint`]}</p>`}
${isRefreshed ? again : null}`,
  });
}

/** The address was checked when it was read from the gateway (`toSafeRedirect`). The page names the host before anyone goes there. */
function renderWayOn(redirectTo: string, { language }: Reader): Markup | null {
  const url = URL.canParse(redirectTo) ? new URL(redirectTo) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const texts = TEXTS[language];
  return markup`<p><a class="button" rel="noreferrer" href="${url.href}">${texts.form_button} <span class="host">${url.host}</span></a></p>
<p class="hint">${texts.form_hint}</p>`;
}

function renderFacts(payout: Payout, { language, locale }: Reader): Markup {
  const texts = TEXTS[language];
  const untilMs = payout.state === 'awaiting_details' ? detailsUntil(payout) : null;
  return markup`<dl>
<div class="amount"><dt>${texts.amount}</dt><dd>${writeAmount(payout.amount, payout.currency, locale)}</dd></div>
${payout.destination === null ? null : markup`<div><dt>${texts.destination}</dt><dd>${payout.destination}</dd></div>`}
<div><dt>${texts.reference}</dt><dd class="reference">${payout.clientOrderId}</dd></div>
${untilMs === null ? null : markup`<div><dt>${texts.details_until}</dt><dd>${writeTime(untilMs, locale)}</dd></div>`}
</dl>`;
}

export type Notice = 'unknown' | 'link_expired' | 'busy' | 'unavailable';

/** A page with one message, which knows nothing about any payout. */
export function renderNotice(notice: Notice, { base, reader }: { base: string; reader: Reader }): string {
  const refreshS = notice === 'unavailable' || notice === 'busy' ? 15 : null;
  const nothing = { self: null, tag: '', status: '', isOver: true, body: null };
  return renderDocument({ base, reader, refreshS, name: notice, ...nothing });
}

interface Document {
  readonly reader: Reader;
  readonly name: ReceiverStage | Notice;
  readonly tag: string;
  /** Path to ask for the status; empty where there is none. */
  readonly status: string;
  readonly isOver: boolean;
  /** What comes below the heading and its text. */
  readonly body: Markup | null;
  readonly base: string;
  /** Path of the page, for links to the other languages; null where there is nothing to come back to. */
  readonly self: string | null;
  readonly refreshS: number | null;
}

function renderDocument({ reader: { language }, base, self, refreshS, ...page }: Document): string {
  const texts = TEXTS[language];
  const others = LANGUAGES.filter((other) => other !== language).map(
    (other) => markup`<a lang="${other}" hreflang="${other}" href="${self}?lang=${other}">${TEXTS[other].language}</a>`,
  );
  return fill(PAGE, {
    ...{ ...page, isOver: String(page.isOver), language, title: texts.title, assets: base + ASSETS_PATH },
    heading: texts[`${page.name}_heading`],
    text: texts[`${page.name}_text`],
    languages: self === null ? null : markup`<nav>${others}</nav>`,
    refresh: refreshS === null ? null : markup`<noscript><meta http-equiv="refresh" content="${refreshS}"></noscript>`,
  });
}
