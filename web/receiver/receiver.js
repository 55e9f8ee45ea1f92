import { isUnsent, sayOffline, show } from './show.js';
import { writeTimes } from './times.js';

/**
 * Shows changes of the payment without a click: asks for its status, soon and then less and less often, and puts in the content of the
 * new page when it changed. The page works without it.
 */
const SOON_MS = 2_000;
const SELDOM_MS = 30_000;

document.documentElement.classList.add('with-script');
writeTimes(document);
const payment = document.getElementById('payment');
if (payment?.dataset.status) follow(payment, payment.dataset.status);

/**
 * @param {HTMLElement} main
 * @param {string} statusPath
 */
function follow(main, statusPath) {
  const isOver = () => main.dataset.over !== 'false';
  let pauseMs = SOON_MS;
  let timer = setTimeout(() => void look(), SOON_MS);

  async function look() {
    clearTimeout(timer);
    try {
      const answer = await fetch(statusPath, { cache: 'no-store', credentials: 'omit' });
      if (answer.ok && (await answer.json()).tag !== main.dataset.tag) {
        const page = await fetch(location.href, { cache: 'no-store', credentials: 'omit' });
        if (page.ok) show(main, await page.text());
      }
      if (!isUnsent()) sayOffline(null);
    } catch {
      // The server may be away, too: the next look may work.
      if (!isUnsent()) sayOffline('following');
    }
    if (isOver()) return;
    pauseMs = Math.min(pauseMs * 1.25, SELDOM_MS);
    clearTimeout(timer);
    timer = setTimeout(() => void look(), pauseMs);
  }

  function lookSoon() {
    pauseMs = SOON_MS;
    if (!isOver()) void look();
  }

  main.setAttribute('aria-live', 'polite');
  main.addEventListener('news', () => {
    pauseMs = SOON_MS;
  });
  addEventListener('online', lookSoon);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') lookSoon();
  });
}
