/**
 * Shows changes of the payment without a click: asks for its status, soon and then less and less often, and puts in the content of the
 * new page when it changed. The page works without it.
 */
const SOON_MS = 2_000;
const SELDOM_MS = 30_000;

document.documentElement.classList.add('with-script');
const payment = document.getElementById('payment');
if (payment?.dataset.status) follow(payment, payment.dataset.status);

/**
 * @param {HTMLElement} main
 * @param {string} statusPath
 */
function follow(main, statusPath) {
  const isOver = () => main.dataset.over !== 'false';
  let pauseMs = SOON_MS;
  let timer = setTimeout(look, SOON_MS);

  async function look() {
    clearTimeout(timer);
    try {
      const answer = await fetch(statusPath, { cache: 'no-store', credentials: 'omit' });
      if (answer.ok && (await answer.json()).tag !== main.dataset.tag) {
        await show(main);
        pauseMs = SOON_MS;
      }
    } catch {
      // Offline, or the server is away: the next look may work.
    }
    if (isOver()) return;
    pauseMs = Math.min(pauseMs * 1.25, SELDOM_MS);
    timer = setTimeout(look, pauseMs);
  }

  main.setAttribute('aria-live', 'polite');
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || isOver()) return;
    pauseMs = SOON_MS;
    void look();
  });
}

/** @param {HTMLElement} main */
async function show(main) {
  const answer = await fetch(location.href, { cache: 'no-store', credentials: 'omit' });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const next = page.getElementById('payment');
  if (next === null) return;
  main.replaceChildren(...next.childNodes);
  for (const name of ['stage', 'tag', 'over']) main.dataset[name] = next.dataset[name] ?? '';
  document.title = page.title;
}
