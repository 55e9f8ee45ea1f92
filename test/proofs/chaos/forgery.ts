import { randomBytes } from 'node:crypto';

/** A genuine callback as it came by: the path and the fields of its query. */
export interface SeenCallback {
  readonly path: string;
  readonly fields: URLSearchParams;
}

/** The ways a callback is forged. */
export const FORGERIES = ['made_up_control', 'other_status', 'other_order', 'no_control'] as const;

/** A forged version of a genuine callback: what its control does not cover, or covers otherwise. */
export function forge(seen: SeenCallback, kind: (typeof FORGERIES)[number]): string {
  const fields = new URLSearchParams(seen.fields);
  switch (kind) {
    case 'made_up_control':
      fields.set('control', randomBytes(20).toString('hex'));
      break;
    case 'other_status':
      fields.set('status', fields.get('status') === 'approved' ? 'declined' : 'approved');
      break;
    case 'other_order':
      fields.set('orderid', `${fields.get('orderid')}1`);
      break;
    case 'no_control':
      fields.delete('control');
      break;
  }
  return `${seen.path}?${fields.toString()}`;
}

/** The same callback with another amount: its control does not cover that, so it is taken and must not be believed. */
export function tamperAmount(target: string): string {
  const [path = '', query = ''] = target.split('?');
  const fields = new URLSearchParams(query);
  fields.set('amount', '99999.99');
  return `${path}?${fields.toString()}`;
}

/** Path and fields of a callback by GET. */
export function readCallback(target: string): SeenCallback {
  const [path = '', query = ''] = target.split('?');
  return { path, fields: new URLSearchParams(query) };
}
