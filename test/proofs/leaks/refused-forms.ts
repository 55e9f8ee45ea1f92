import type { Caller } from './caller';
import { type Entered, enterAccount, enterCard, personOf } from './entered';
import type { MarkerBook } from './marker';

interface Page {
  readonly clientOrderId: string;
  readonly page: string;
}

/** Forms that are shown again with what is wrong, and forms behind links that are none, or sent in ways that are none. */
export async function sendRefusedForms(
  book: MarkerBook,
  caller: Caller,
  { account, card, left }: { readonly account: Page; readonly card: Page; readonly left: Page },
): Promise<void> {
  const sendBack = async ({ page }: Page, entered: Entered) =>
    await caller.send('form sent back', page, { method: 'POST', body: new URLSearchParams(entered) });
  const inAccount = () => enterAccount(book, personOf(account.clientOrderId, 'refused'), '000');
  const inCard = () => enterCard(book, personOf(card.clientOrderId, 'refused'), '000');
  const cardNumber = (field: string) =>
    book.digits(field, { length: 16, isCard: true, kind: 'card entered in a form' });
  const number = 'destination.accountNumber';

  await sendBack(account, changeLast(inAccount(), number));
  await sendBack(account, { ...inAccount(), 'receiver.firstName': cardNumber('form: card as a name') });
  await sendBack(account, { ...inAccount(), 'receiver.email': `${inAccount()['receiver.firstName']}` });
  await sendBack(account, { ...inAccount(), 'receiver.birthday': `${inAccount()['receiver.lastName']}` });
  await sendBack(account, { ...inAccount(), 'receiver.city': `${inAccount()['receiver.city']} `.repeat(9) });
  await sendBack(account, { ...inAccount(), [number]: '', cvv: cardNumber('form: cvv') });
  await sendBack(card, changeLast(inCard(), 'destination.cardNumber'));
  await sendBack(card, { ...inCard(), 'destination.expiryYear': '2020' });
  await sendBack(card, { ...inCard(), 'destination.cardHolder': cardNumber('form: card as its holder') });
  await sendBack(card, { ...inCard(), 'destination.cardNumber': '', [cardNumber('form: card as a field')]: 'x' });
  await sendForeign(book, caller, { left, other: account });
}

/** To the page of a payout that waits: nothing of it may be read, stored or shown again. */
async function sendForeign(
  book: MarkerBook,
  caller: Caller,
  { left, other }: { left: Page; other: Page },
): Promise<void> {
  const { page } = left;
  const entered = () => enterCard(book, personOf(left.clientOrderId, 'foreign'), '000');
  const form = (): RequestInit => ({ method: 'POST', body: new URLSearchParams(entered()) });
  const send = (what: string, route: string, init: RequestInit) => caller.send(`form, ${what}`, route, init);
  const [mac = '', otherMac = ''] = [page, other.page].map((each) => each.slice(-22));
  const wrong = [...mac].reverse().join('');
  await send('proof of another payout', page.replace(mac, otherMac), form());
  await send('wrong proof', page.replace(mac, wrong), form());
  await send('no proof', `/r/${left.clientOrderId}`, form());
  await send('later end', page.replace(/~[0-9a-z]+~/, '~zzzzzz~'), form());
  await send('status', `${page}/status`, form());
  await send('no landing', `/r/${left.clientOrderId}/return`, form());
  await send('no page', `${page}/details`, form());
  await send('landing', '/r/return', form());
  const text = JSON.stringify(entered());
  const typed = (type: string): RequestInit => ({ method: 'POST', headers: { 'content-type': type }, body: text });
  await send('JSON', `${page.replace(mac, wrong)}`, typed('application/json'));
  const marked = book.name('form: content type', { kind: 'form behind a wrong link' });
  await send('marked type', page.replace(mac, wrong), typed(`text/${marked}`));
  const tooLong = new URLSearchParams({ ...entered(), more: 'x'.repeat(70_000) });
  await send('too long', page, { method: 'POST', body: tooLong });
  await send('PUT', page, { method: 'PUT', body: new URLSearchParams(entered()) });
  const inAddress = await caller.send('page with a form in its address', `${page}?${new URLSearchParams(entered())}`);
  if (inAddress.status !== 200) throw new Error(`a form in the address was answered ${inAddress.status}`);
}

/** Another last digit: the check digits are wrong now. It is sought in its old form too, cut. */
function changeLast(entered: Entered, field: string): Entered {
  const value = entered[field] ?? '';
  return { ...entered, [field]: `${value.slice(0, -1)}${(Number(value.at(-1)) + 1) % 10}` };
}
