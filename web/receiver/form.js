import { ibanCountry, inGroups, isCard, isIban, toIban } from './numbers.js';
import { sayOffline, show } from './show.js';

/**
 * Says beside a field of the details form what is wrong with it before it is sent, and sends forms without leaving the page, so that
 * nothing that was entered is lost with the connection. The forms work without it.
 */

/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

/** @param {Field} field */
function findError(field) {
  const { check, required = '', wrong = '', beyond = '', beyondText = '', lengths = '' } = field.dataset;
  const text = field.value.trim();
  if (text === '') return field.getAttribute('aria-required') === 'true' ? required : '';
  if (isBeyond(text, beyond)) return beyondText;
  const isWrong = (check === 'iban' && !isIban(text, lengths)) || (check === 'card' && !isCard(text));
  return isWrong ? wrong : '';
}

/**
 * True for what begins like an IBAN of a country whose IBANs are too long here.
 * @param {string} text
 * @param {string} beyond
 */
function isBeyond(text, beyond) {
  const [, country = ''] = /^([A-Z]{2})\d{2}/.exec(toIban(text)) ?? [];
  return country !== '' && beyond.split(' ').includes(country);
}

/** @param {Field} field */
function isRight(field) {
  const message = findError(field);
  const place = document.getElementById(`${field.id}-error`);
  if (place === null) return true;
  if (place.textContent !== message) place.textContent = message;
  field.setAttribute('aria-invalid', String(message !== ''));
  return message === '';
}

/**
 * Of an IBAN that is right: its groups of four, to compare, and its country.
 * @param {Field} field
 */
function showIban(field) {
  const place = document.getElementById(`${field.id}-right`);
  const country = ibanCountry(field.value, field.dataset.lengths ?? '');
  if (place === null || country === '') return;
  field.value = inGroups(toIban(field.value));
  const names = new Intl.DisplayNames([document.documentElement.dataset.locale ?? 'en'], { type: 'region' });
  place.textContent = (place.dataset.text ?? '').replace('{country}', names.of(country) ?? country);
}

/** @param {Field} field */
function clearIban(field) {
  const place = document.getElementById(`${field.id}-right`);
  if (place !== null) place.textContent = '';
}

/**
 * @param {EventTarget | null} target
 * @returns {target is Field}
 */
const isField = (target) =>
  (target instanceof HTMLInputElement && target.type !== 'hidden') || target instanceof HTMLSelectElement;

const NUMBER = 'destination.cardNumber';
/** No page brings it back: what was typed stays here, for a form that is shown again. */
let cardNumber = '';

/**
 * @param {HTMLElement} main
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} button
 */
async function send(main, form, button) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  const action = button instanceof HTMLButtonElement ? button.name : '';
  if (button instanceof HTMLButtonElement && action !== '') body.append(action, button.value);
  form.dataset.sent = 'true';
  try {
    const answer = await fetch(form.action, { method: 'POST', body, cache: 'no-store', credentials: 'omit' });
    if (answer.status === 429 || answer.status >= 500) throw new Error('not taken');
    sayOffline(null);
    const number = String(body.get(NUMBER) ?? '');
    if (number !== '') cardNumber = number;
    show(main, await answer.text());
    const field = document.getElementsByName(NUMBER)[0];
    if (field instanceof HTMLInputElement) field.value ||= cardNumber;
    const next =
      main.querySelector(action === 'way' ? '[aria-pressed="true"]' : '.problem') ?? main.querySelector('h1');
    if (next instanceof HTMLElement) next.focus();
    scrollTo({ top: 0 });
  } catch {
    form.dataset.sent = 'false';
    sayOffline('sending');
    document.getElementById('offline')?.scrollIntoView();
  }
}

const payment = document.getElementById('payment');

payment?.addEventListener('focusout', ({ target, relatedTarget }) => {
  // A message that appears under a finger moves the button away from it; pressing the button checks anyway.
  const isSending = relatedTarget instanceof HTMLButtonElement && relatedTarget.type === 'submit';
  if (!isSending && isField(target) && target.value.trim() !== '' && isRight(target)) showIban(target);
});

payment?.addEventListener('input', ({ target }) => {
  if (!isField(target)) return;
  clearIban(target);
  if (target.getAttribute('aria-invalid') === 'true' || isBeyond(target.value, target.dataset.beyond ?? ''))
    isRight(target);
});

payment?.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  // The server says all that is wrong together; what is known here is said at once, and without a connection, too.
  const isChecked = !(event.submitter instanceof HTMLButtonElement) || event.submitter.name === '';
  if (isChecked) for (const field of form.elements) if (isField(field)) isRight(field);
  if (form.dataset.sent !== 'true') void send(payment, form, event.submitter);
});

// Another language keeps what was entered: the form comes back in it, by the way on which details are changed.
document.querySelector('.languages')?.addEventListener('click', (event) => {
  const [link, form] = [event.target, payment?.querySelector('form')];
  if (!(link instanceof HTMLAnchorElement) || !form || form.dataset.sent === 'true') return;
  event.preventDefault();
  const step = Object.assign(document.createElement('input'), { type: 'hidden', name: 'step', value: 'edit' });
  form.append(step);
  form.action = link.href;
  form.submit();
});
