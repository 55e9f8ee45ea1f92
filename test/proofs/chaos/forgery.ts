import { randomBytes } from 'node:crypto';

/** The ways a genuine callback is forged: what its control does not cover, or covers otherwise. */
const FORGE = {
  made_up_control: (fields) => fields.set('control', randomBytes(20).toString('hex')),
  other_status: (fields) => fields.set('status', fields.get('status') === 'approved' ? 'declined' : 'approved'),
  other_order: (fields) => fields.set('orderid', `${fields.get('orderid')}1`),
  no_control: (fields) => fields.delete('control'),
} as const satisfies Readonly<Record<string, (fields: URLSearchParams) => void>>;

export const FORGERIES = Object.keys(FORGE) as (keyof typeof FORGE)[];

/** A forged version of a genuine callback, which is given by its path and query. */
export function forge(target: string, kind: (typeof FORGERIES)[number]): string {
  return change(target, FORGE[kind]);
}

/** The same callback with another amount: its control does not cover that, so it is taken and must not be believed. */
export function tamperAmount(target: string): string {
  return change(target, (fields) => fields.set('amount', '99999.99'));
}

function change(target: string, by: (fields: URLSearchParams) => void): string {
  const [path = '', query = ''] = target.split('?');
  const fields = new URLSearchParams(query);
  by(fields);
  return `${path}?${fields.toString()}`;
}
