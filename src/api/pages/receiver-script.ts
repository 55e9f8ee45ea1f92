/**
 * Shows news of the payment without a click: asks how it stands, soon and then less and less often, and puts in the new page's
 * content when that changed. The page works without it.
 */
export const RECEIVER_SCRIPT = `'use strict';
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
})();
`;
