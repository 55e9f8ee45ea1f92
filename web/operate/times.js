import { make, text } from './dom.js';

const UNITS = /** @type {const} */ ([
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
]);

/** @param {number} ms in its largest unit: `3 h`, `2 d` */
function writeSpan(ms) {
  const [size, unit] = UNITS.find(([unitMs]) => ms >= unitMs) ?? [1_000, 's'];
  return `${Math.floor(ms / size)} ${unit}`;
}

const HERE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });

/** @param {string | null} at ISO time; shown to the second, in UTC; where the reader is as a tooltip */
export function makeTime(at) {
  if (at === null) return text('');
  const title = HERE.format(new Date(at));
  return make('time', { datetime: at, title, text: at.slice(0, 19).replace('T', ' ') });
}

/** @param {string} at how long ago; the time itself as a tooltip */
export function makeAge(at) {
  return make('time', {
    datetime: at,
    title: `${at.slice(0, 19).replace('T', ' ')} UTC`,
    text: writeSpan(Math.max(0, Date.now() - Date.parse(at))),
  });
}

/** @param {string | null} at */
export function makeDeadline(at) {
  if (at === null) return text('');
  const leftMs = Date.parse(at) - Date.now();
  const left = leftMs <= 0 ? `over for ${writeSpan(-leftMs)}` : `in ${writeSpan(leftMs)}`;
  return make('time', {
    datetime: at,
    title: `${at.slice(0, 19).replace('T', ' ')} UTC`,
    class: leftMs <= 0 ? 'bad' : null,
    text: left,
  });
}
