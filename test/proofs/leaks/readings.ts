import { bodyOf, type Caller, json } from './caller';
import type { Harness } from './harness';
import type { MarkerBook } from './marker';
import { FINAL } from './payouts';

/** What is shown of payouts, as lists, as a file, as a page, and of one payout in every way there is. */
export async function readEverything(caller: Caller, states: ReadonlyMap<string, string>): Promise<void> {
  // Not of every payout: one of them is broken on purpose.
  const some = '/payouts?outcome=approved /payouts?limit=200&outcome=declined /payouts.csv?outcome=approved'.split(' ');
  for (const route of [...some, '/payout-counts', '/payout-day', '/attention', '/me']) await caller.send('list', route);
  for (const state of ['pending', 'dead']) await caller.send('list', `/notifications?state=${state}`);
  for (const page of ['/operate', '/operate/operate.js', '/openapi.json', '/docs', '/health/live', '/health/ready'])
    await caller.send('page', page);
  const readAll = async ([id, state]: [string, string]): Promise<void> => {
    for (const what of ['', '/timeline', '/notifications']) await caller.send('read', `/payouts/${id}${what}`);
    if (FINAL.has(state)) await caller.send('events', `/payouts/${id}/events`);
  };
  await Promise.all([...states].map(readAll));
}

/** Operators have dead notifications sent again, each with a reason. @returns how many */
export async function resendDead(book: MarkerBook, caller: Caller): Promise<number> {
  const received = await caller.send('list', '/notifications?state=dead');
  const { notifications } = bodyOf<{ notifications: { id: string }[] }>(received);
  for (const { id } of notifications) {
    const reason = book.words('reason of a resend', { length: 40, kind: "operator's words" });
    await caller.send('resend', `/notifications/${id}/resend`, json({ reason }));
  }
  return notifications.length;
}

/** Everybody whose key has one scope asks for what needs another. @returns how often that was refused */
export async function askAboveScope(
  caller: Caller,
  { harness, id }: { harness: Harness; id: string },
): Promise<number> {
  const routes = ['', '/timeline', '/events', '/notifications'].map((what) => `/payouts/${id}${what}`);
  const asked = ['/payouts', '/payouts.csv', '/payout-counts', '/notifications?state=dead', ...routes];
  const before = caller.received.length;
  for (const scope of ['payouts:write', 'payouts:operate', 'payouts:approve', 'codec'] as const) {
    const headers = { authorization: `Bearer ${harness.keyOf[scope]}` };
    for (const route of asked) await caller.send(`with ${scope} alone`, route, { headers });
  }
  const authorization = `Bearer ${harness.keyOf['payouts:read']}`;
  for (const act of ['check', 'cancel', 'resend', 'resolve'])
    await caller.send('with payouts:read alone', `/payouts/${id}/${act}`, json({ reason: 'x' }, { authorization }));
  return caller.received.slice(before).filter(({ status }) => status === 403).length;
}

/** Every link that was ever shown belongs to the payout it names. @returns how many there are */
export function plantLinks(book: MarkerBook, caller: Caller): number {
  const found = new Set<string>();
  for (const { text } of caller.received) {
    for (const [, of = '', proof = ''] of text.matchAll(
      /\/r\/([A-Za-z0-9._-]+)~[0-9a-z]+~([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])/g,
    )) {
      book.plant(`link of ${of}`, proof, { kind: "Receiver's link", of });
      found.add(proof);
    }
  }
  return found.size;
}
