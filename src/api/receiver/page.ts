import { detailsUntil, type Payout } from '../../domain/payout';
import { hashAssets, readWeb } from '../plugins/assets';
import { fill, type Markup, markup } from '../plugins/markup';
import type { ShownBrand } from './brands';
import { type CheckedForm, renderCheck } from './check-page';
import { type DetailsForm, renderDetailsForm } from './details-form';
import { LANGUAGES, type Reader, say, TEXTS, writeAmount, writeTime } from './language';
import { linksEnd } from './receiver-links';
import { isOver, type ReceiverStage } from './receiver-stage';

/** Headers of every Receiver's page: only our own scripts, styles and pictures, no framing, no referrer, no caching. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

const PAGE = readWeb('receiver/page.html');
/** Path of scripts and styles below the base of the pages. */
export const ASSETS_PATH = `assets/${hashAssets('receiver')}/`;

export interface ReceiverPage {
  readonly payout: Payout;
  readonly stage: ReceiverStage;
  /** A name for what is shown; the script polls until it changes. */
  readonly tag: string;
  /** The last part of the page's own path. */
  readonly token: string;
  /** Path under which all of these pages are, with a slash at its end. */
  readonly base: string;
  /** The host of these pages: all there is to name where no payer is configured. */
  readonly host: string;
  readonly brand: ShownBrand | null;
  /** What the payment is for; null when neither caller nor configuration says. */
  readonly purpose: string | null;
  readonly reader: Reader;
  /** At the stage `details`: the form to be filled in, or what was entered, to be checked. */
  readonly form: DetailsForm | null;
  readonly check: CheckedForm | null;
  /** Seconds until a page without script loads itself again. */
  readonly pauseS: number;
}

/** One payout for its Receiver: who pays, its stage, what to do, and no account data beyond the masked tail. */
export function renderReceiverPage(page: ReceiverPage): string {
  const { payout, stage, tag, base, form, check, reader, brand } = page;
  const { language, locale } = reader;
  const self = `${base}${page.token}`;
  const texts = TEXTS[language];
  const payer = brand?.payer ?? texts.payer;
  const isWaiting = !isOver(stage);
  // A form that is being filled in must not be loaded again.
  const isRefreshed = isWaiting && form === null && check === null;
  const again = markup`<p class="hint again"><span class="script-only">${texts.updates_itself} </span><a href="${self}?lang=${language}">${texts.look_again}</a></p>`;
  const place = { self, reader, payer, currency: payout.currency };
  const until = say(texts.link_until, { time: writeTime(linksEnd(payout), locale) });
  return renderDocument({
    ...{
      base,
      self,
      reader,
      brand,
      name: check === null ? stage : 'check',
      refreshS: isRefreshed ? page.pauseS : null,
    },
    ...{ tag, status: `${self}/status`, isOver: !isWaiting, summary: renderSummary(page) },
    ...{ steps: renderSteps(payout, stage, reader), host: page.host },
    body: markup`${stage === 'form' && payout.redirectTo !== null ? renderWayOn(payout.redirectTo, reader) : null}
${form === null ? null : renderDetailsForm(form, place)}
${check === null ? null : renderCheck(check, place)}
${stage === 'form' || check !== null ? null : markup`<p class="hint">${say(texts[`${stage}_hint`], { payer })}</p>`}
${stage === 'details' ? null : markup`<p class="hint">${until}</p>`}
${isRefreshed ? again : null}`,
  });
}

/** The address was checked when it was read from the gateway (`toSafeRedirect`). The page names the host before anyone goes there. */
function renderWayOn(redirectTo: string, { language }: Reader): Markup | null {
  const url = URL.canParse(redirectTo) ? new URL(redirectTo) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const texts = TEXTS[language];
  return markup`<p><a class="button" rel="noreferrer" href="${url.href}">${texts.form_button} <span class="host" dir="ltr">${url.host}</span></a></p>
<p class="hint">${texts.form_hint}</p>`;
}

/** Who pays how much, for what and by when. */
function renderSummary({ payout, stage, brand, purpose, host, reader: { language, locale } }: ReceiverPage): Markup {
  const texts = TEXTS[language];
  const untilMs = stage === 'details' ? detailsUntil(payout) : null;
  const paidAtMs = stage === 'paid' ? payout.settledAtMs : null;
  const facts: readonly (readonly [name: string, value: Markup | string | null])[] = [
    [texts.through, brand === null ? `${host} (${payout.endpoint})` : null],
    [texts.purpose, purpose],
    [texts.destination, payout.destination],
    [texts.reference, payout.clientOrderId],
    [texts.details_until, untilMs === null ? null : writeTime(untilMs, locale)],
    [texts.paid_at, paidAtMs === null ? null : writeTime(paidAtMs, locale)],
  ];
  const rows = facts.map(([name, value]) =>
    value === null ? markup`` : markup`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`,
  );
  return markup`<section class="summary" aria-label="${texts.title}">
<p class="pays">${brand === null ? texts.title : say(texts.pays_you, { payer: brand.payer })}</p>
<p class="amount"><bdi dir="ltr">${writeAmount(payout.amount, payout.currency, locale)}</bdi></p>
<dl>${rows}</dl>
</section>`;
}

/** The progress of the payment; nothing once it has ended without being paid. */
function renderSteps({ collecting }: Payout, stage: ReceiverStage, { language }: Reader): Markup | null {
  const texts = TEXTS[language];
  const steps = collecting ? (['details', 'working', 'paid'] as const) : (['working', 'paid'] as const);
  const isEnded = stage === 'not_paid' || stage === 'cancelled' || stage === 'expired';
  if (isEnded) return null;
  const now = stage === 'form' || stage === 'checking' ? 'working' : stage;
  const at = now === 'paid' ? steps.length : (steps as readonly string[]).indexOf(now);
  const items = steps.map((step, nth) => {
    const state = nth < at ? markup` class="done"` : nth === at ? markup` aria-current="step"` : null;
    return markup`<li${state}>${texts[`step_${step}`]}</li>`;
  });
  return markup`<ol class="steps" aria-label="${texts.steps}">${items}</ol>`;
}

export type Notice = 'unknown' | 'link_expired' | 'busy' | 'unavailable' | 'returned';

/** What a link that has ended still says: who was to pay, and what to ask them about. */
export interface Ended {
  readonly token: string;
  readonly reference: string;
  readonly brand: ShownBrand | null;
}

/** A page with one message, which knows nothing about any payout, unless its link is ours and has ended. */
export function renderNotice(
  notice: Notice,
  { base, reader, ended = null }: { base: string; reader: Reader; ended?: Ended | null },
): string {
  const refreshS = notice === 'unavailable' || notice === 'busy' ? 15 : null;
  const nothing = { tag: '', status: '', isOver: true, summary: null, host: null, steps: null };
  const { reference, look_again } = TEXTS[reader.language];
  const again = markup`<p class="again"><a href="?lang=${reader.language}">${look_again}</a></p>`;
  return renderDocument({
    ...{ base, reader, refreshS, name: notice, ...nothing },
    brand: ended?.brand ?? null,
    self: ended === null ? null : `${base}${ended.token}`,
    body:
      ended === null
        ? refreshS === null
          ? null
          : again
        : markup`<dl><div><dt>${reference}</dt><dd><bdi>${ended.reference}</bdi></dd></div></dl>`,
  });
}

interface Document {
  readonly reader: Reader;
  readonly name: ReceiverStage | 'check' | Notice;
  readonly brand: ShownBrand | null;
  /** Named where no payer is. */
  readonly host: string | null;
  readonly summary: Markup | null;
  readonly steps: Markup | null;
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

function renderDocument({
  reader: { language, locale },
  base,
  self,
  refreshS,
  brand,
  host,
  ...page
}: Document): string {
  const texts = TEXTS[language];
  const { dir, title, offline_following, offline_sending } = texts;
  return fill(PAGE, {
    ...{ ...page, isOver: String(page.isOver), language, locale, dir, assets: base + ASSETS_PATH },
    ...{ offline_following, offline_sending, title: brand?.payer ?? title },
    payer: brand?.payer ?? host ?? title,
    icon: base + (brand?.logo ?? `${ASSETS_PATH}icon.svg`),
    heading: texts[`${page.name}_heading`],
    text: say(texts[`${page.name}_text`], { payer: brand?.payer ?? texts.payer }),
    style: brand?.style ? markup`<link rel="stylesheet" href="${base}${brand.style}">` : null,
    logo: brand?.logo ? markup`<img class="logo" src="${base}${brand.logo}" alt="" height="40">` : null,
    languages: self === null ? null : renderLanguages(self, language),
    refresh: refreshS === null ? null : markup`<noscript><meta http-equiv="refresh" content="${refreshS}"></noscript>`,
  });
}

function renderLanguages(self: string, language: Reader['language']): Markup {
  const items = LANGUAGES.map((each) => {
    const current = each === language ? markup` aria-current="true"` : null;
    return markup`<li><a lang="${each}" hreflang="${each}" dir="${TEXTS[each].dir}" href="${self}?lang=${each}"${current}>${TEXTS[each].language}</a></li>`;
  });
  const texts = TEXTS[language];
  return markup`<details class="languages"><summary><span class="unseen">${texts.switch_language}: </span>${texts.language}</summary><ul>${items}</ul></details>`;
}
