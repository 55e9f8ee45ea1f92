/**
 * Who sees something. `answers`: who reads one payout through the API. `timeline`: who reads its timeline. `receiver`: who holds its
 * link. `codec`: who opens payloads. `session`: who signed in on the page for that. `subscriber`: who is notified. `log`: who reads the
 * log of the API. `self`: a caller who asks what its own key may do.
 */
export type Audience = 'answers' | 'timeline' | 'receiver' | 'codec' | 'session' | 'subscriber' | 'log' | 'self';

/** Every kind of value that is planted, and who alone may see it in clear. Everything else that is written holds ciphertext. */
export const PLANTED = {
  /** Keys, what a gateway says about a Receiver, and what is refused: no one. */
  elsewhere: [],
  'text of a payout': ['codec'],
  'purpose of a payout': ['codec', 'receiver'],
  'label of a payout': ['answers', 'codec', 'subscriber'],
  'number of a payout': [],
  "gateway's words": ['answers', 'timeline', 'codec', 'subscriber'],
  "operator's words": ['timeline', 'codec'],
  'name of a key': ['timeline', 'codec', 'session', 'log', 'self'],
  'text entered in a form': ['codec', 'receiver'],
  'number entered in a form': ['receiver'],
  'card entered in a form': [],
  'form refused': ['receiver'],
  'form behind a wrong link': [],
  "Receiver's link": ['answers', 'receiver'],
  'secret of a subscriber': [],
  'address of a subscriber': [],
  'answer of a subscriber': [],
  'key in a wrong place': [],
  'session for reading payloads': ['session'],
  "reader's own payload": ['codec'],
  'payload that cannot be opened': [],
} as const satisfies Readonly<Record<string, readonly Audience[]>>;

export type Kind = keyof typeof PLANTED;

/** True when this audience may see a value of this kind. */
export function maySee(kind: Kind, audience: Audience): boolean {
  return (PLANTED[kind] as readonly Audience[]).includes(audience);
}
