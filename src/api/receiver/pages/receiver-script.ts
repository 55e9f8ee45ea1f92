/** What the page says of an account or card number before it is sent. The server decides, by the same rules; a test compares them. */
export const NUMBER_CHECKS = String.raw`  function join(text) {
    const dropped = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zs}\t]/gu;
    return text.replace(dropped, '').normalize('NFKC').replace(dropped, '').replace(/[.\p{Pd}\u2212]/gu, '');
  }

  function isIban(text) {
    const iban = join(text).replace(/^(?:IBAN:?)+/i, '').toUpperCase();
    if (!/^[A-Z]{2}\d{2}[0-9A-Z]{4,}$/.test(iban)) return true;
    const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) => letter.charCodeAt(0) - 55);
    let rest = 0;
    for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
    return rest === 1;
  }

  function isCard(text) {
    const digits = join(text);
    if (!/^\d{12,19}$/.test(digits)) return false;
    const sum = [...digits].reverse().reduce((total, digit, at) => {
      const value = at % 2 === 0 ? Number(digit) : Number(digit) * 2;
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    return sum % 10 === 0;
  }`;

/**
 * Shows news of the payment without a click: asks how it stands, soon and then less and less often, and puts in the new page's
 * content when that changed. Says beside a field what is wrong with it before it is sent. The page works without it.
 */
export const RECEIVER_SCRIPT = String.raw`'use strict';
(() => {
  const SOON_MS = 2000;
  const SELDOM_MS = 30000;
  document.documentElement.classList.add('with-script');
  const payment = document.getElementById('payment');
  let pauseMs = SOON_MS;
  let timer = 0;

  async function show() {
    const answer = await fetch(location.href, { cache: 'no-store', credentials: 'omit' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const news = page.getElementById('payment');
    if (news === null) return;
    payment.replaceChildren(...news.childNodes);
    for (const name of ['stage', 'tag', 'over']) payment.dataset[name] = news.dataset[name] || '';
    document.title = page.title;
  }

  async function look() {
    clearTimeout(timer);
    try {
      const answer = await fetch(payment.dataset.status, { cache: 'no-store', credentials: 'omit' });
      if (answer.ok && (await answer.json()).tag !== payment.dataset.tag) {
        await show();
        pauseMs = SOON_MS;
      }
    } catch {
      // Offline, or the server is away: the next look may do.
    }
    wait();
  }

  function wait() {
    if (payment.dataset.over !== 'false') return;
    pauseMs = Math.min(pauseMs * 1.25, SELDOM_MS);
    timer = setTimeout(look, pauseMs);
  }

  if (payment === null || payment.dataset.status === undefined) return;
  payment.setAttribute('aria-live', 'polite');
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || payment.dataset.over !== 'false') return;
    pauseMs = SOON_MS;
    void look();
  });
  timer = setTimeout(look, SOON_MS);

${NUMBER_CHECKS}
  function complaint(input) {
    const text = input.value.trim();
    if (text === '') return input.getAttribute('aria-required') === 'true' ? input.dataset.required : '';
    if (input.dataset.check === 'iban' && !isIban(text)) return input.dataset.wrong;
    if (input.dataset.check === 'card' && !isCard(text)) return input.dataset.wrong;
    return '';
  }

  function check(input) {
    const message = complaint(input);
    const place = document.getElementById(input.id + '-error');
    if (place === null) return true;
    if (place.textContent !== message) place.textContent = message;
    input.setAttribute('aria-invalid', String(message !== ''));
    return message === '';
  }

  const isField = (target) => target instanceof HTMLInputElement && target.type !== 'hidden';
  payment.addEventListener('focusout', (event) => {
    // A message that appears under a finger moves the button away from it; pressing the button checks anyway.
    const isLeaving = event.relatedTarget === null || event.relatedTarget.type !== 'submit';
    if (isLeaving && isField(event.target) && event.target.value.trim() !== '') check(event.target);
  });
  payment.addEventListener('input', (event) => {
    if (isField(event.target) && event.target.getAttribute('aria-invalid') === 'true') check(event.target);
  });
  payment.addEventListener('submit', (event) => {
    const wrong = [...event.target.querySelectorAll('input:not([type="hidden"])')].filter((input) => !check(input));
    if (wrong.length === 0 && event.target.dataset.sent !== 'true') {
      event.target.dataset.sent = 'true';
      return;
    }
    event.preventDefault();
    if (wrong.length > 0) wrong[0].focus();
  });
  // Back from the next page: what was sent may be sent again, and the server knows what to make of it.
  addEventListener('pageshow', () => {
    const form = document.getElementById('details');
    if (form !== null) form.dataset.sent = 'false';
  });
})();
`;
