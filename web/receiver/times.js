/** Writes times as they are where the browser is; without script they are in UTC. */

/** As in `src/api/receiver/language.ts`. @type {Intl.DateTimeFormatOptions} */
const FORMAT = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
};

/** @param {ParentNode} root */
export function writeTimes(root) {
  const format = new Intl.DateTimeFormat(document.documentElement.dataset.locale, FORMAT);
  for (const time of root.querySelectorAll('time')) time.textContent = format.format(new Date(time.dateTime));
}
