import { make, spaced } from './dom.js';
import { WORDS } from './words.js';

/** Bold, code and links; a link keeps its text alone, unless it leads to another page of the runbook. */
const INLINE = /\*\*([^*]+)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)]+)\)/g;

/** @param {string} text @returns {(Node | string)[]} */
function renderInline(text) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [all, bold, code, label, address = ''] = match;
    parts.push(text.slice(end, match.index));
    end = match.index + all.length;
    const page = /^([a-z_]+)\.md$/.exec(address)?.[1];
    if (bold !== undefined) parts.push(make('strong', null, ...renderInline(bold)));
    else if (code !== undefined) parts.push(make('code', { text: code }));
    else if (page !== undefined) parts.push(make('a', { href: `#/reasons/${page}` }, ...renderInline(label ?? '')));
    else parts.push(...renderInline(label ?? ''));
  }
  return [...parts, text.slice(end)];
}

/**
 * A page of the runbook as elements: headings, lists and paragraphs of Markdown, and nothing else of it.
 * @param {string} markdown
 */
export function renderMarkdown(markdown) {
  const blocks = markdown.trim().split(/\n{2,}/);
  return blocks.map((block) => {
    const heading = /^(#+) (.*)$/.exec(block);
    if (heading) return make('h2', null, ...renderInline(heading[2] ?? ''));
    const items = block.split(/\n(?=(?:- |\d+\. ))/);
    const isList = items.every((item) => /^(?:- |\d+\. )/.test(item));
    if (!isList) return make('p', null, ...renderInline(block.replaceAll('\n', ' ')));
    const list = /^\d/.test(block) ? 'ol' : 'ul';
    const toText = /** @param {string} item */ (item) => item.replace(/^(?:- |\d+\. )/, '').replaceAll(/\n\s*/g, ' ');
    return make(list, null, ...items.map((item) => make('li', null, ...renderInline(toText(item)))));
  });
}

/**
 * Puts the runbook's page of an attention into an element.
 * @param {string} attention
 * @param {HTMLElement} into
 */
export function showRunbook(attention, into) {
  fetch(`operate/runbook/${encodeURIComponent(attention)}`, { credentials: 'omit' })
    .then(async (response) => {
      if (!response.ok) throw new Error('no page');
      // Its own title is said above it.
      into.replaceChildren(...renderMarkdown(await response.text()).slice(1));
    })
    .catch(() => into.replaceChildren('The page could not be read.'));
}

/**
 * Every attention with what to do; the one that was asked for with its page.
 * @param {HTMLElement} list
 * @param {string | undefined} asked
 */
export function showReasons(list, asked) {
  const items = Object.entries(WORDS.attentions).flatMap(([name, { means, todo }]) => {
    const page = make('div', { class: 'runbook' });
    const more = make('details', { open: name === asked }, make('summary', { text: 'Runbook page' }), page);
    more.addEventListener('toggle', () => more.open && !page.hasChildNodes() && showRunbook(name, page));
    return [
      make('dt', { id: `reason-${name}`, tabindex: '-1', text: spaced(name) }),
      make('dd', null, `${means} `, make('strong', { text: 'Do now: ' }), todo, more),
    ];
  });
  list.replaceChildren(...items);
  document.getElementById(`reason-${asked}`)?.focus();
}
