import { isCard, isIban } from './numbers.js';

/** Says beside a field of the details form what is wrong with it before it is sent. The form works without it. */

/** @param {HTMLInputElement} input */
function findError(input) {
  const { check, required = '', wrong = '' } = input.dataset;
  const text = input.value.trim();
  if (text === '') return input.getAttribute('aria-required') === 'true' ? required : '';
  const isWrong = (check === 'iban' && !isIban(text)) || (check === 'card' && !isCard(text));
  return isWrong ? wrong : '';
}

/** @param {HTMLInputElement} input */
function isRight(input) {
  const message = findError(input);
  const place = document.getElementById(`${input.id}-error`);
  if (place === null) return true;
  if (place.textContent !== message) place.textContent = message;
  input.setAttribute('aria-invalid', String(message !== ''));
  return message === '';
}

/**
 * @param {EventTarget | null} target
 * @returns {target is HTMLInputElement}
 */
const isField = (target) => target instanceof HTMLInputElement && target.type !== 'hidden';

const payment = document.getElementById('payment');

payment?.addEventListener('focusout', ({ target, relatedTarget }) => {
  // A message that appears under a finger moves the button away from it; pressing the button checks anyway.
  const isSending = relatedTarget instanceof HTMLButtonElement && relatedTarget.type === 'submit';
  if (!isSending && isField(target) && target.value.trim() !== '') isRight(target);
});

payment?.addEventListener('input', ({ target }) => {
  if (isField(target) && target.getAttribute('aria-invalid') === 'true') isRight(target);
});

payment?.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  const wrong = [...form.elements].filter(isField).filter((input) => !isRight(input));
  if (wrong.length === 0 && form.dataset.sent !== 'true') {
    form.dataset.sent = 'true';
    return;
  }
  event.preventDefault();
  wrong[0]?.focus();
});

// Back from the next page: what was sent may be sent again, and the server knows what to make of it.
addEventListener('pageshow', () => {
  const form = document.getElementById('details');
  if (form !== null) form.dataset.sent = 'false';
});
