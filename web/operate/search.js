import { byId } from './dom.js';
import { go, Refused } from './page.js';

/**
 * What was typed into the search box, as filters of the list.
 * @param {string} typed
 * @returns {Record<string, string>}
 * @throws {Refused} for what can be none of an id, the beginning of one, an order id and an amount
 */
export function readSearch(typed) {
  const text = typed.trim();
  if (text === '') return {};
  if (/^[1-9]\d{0,19}$/.test(text)) return { orderId: text };
  if (/^[A-Za-z][\w.-]{0,127}\*?$/.test(text)) return { clientOrderId: text.endsWith('*') ? text : `${text}*` };
  const [, amount, currency] = /^(\d+(?:\.\d+)?) *([A-Za-z]{3})$/.exec(text) ?? [];
  if (amount !== undefined && currency !== undefined) return { amount, currency: currency.toUpperCase() };
  throw new Refused(
    'Search for a clientOrderId or its beginning (it starts with a letter), a whole order id (digits, without a 0 in front), or an amount with its currency (10.50 EUR).',
    400,
  );
}

export function startSearch() {
  const box = byId('q', HTMLInputElement);
  byId('search', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const typed = box.value.trim();
    go(typed === '' ? '/payouts' : `/payouts?${new URLSearchParams({ q: typed })}`);
  });
}
