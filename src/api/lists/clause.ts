import { formatStartTime } from './start-time';
import type { VisibleRun } from './visibility';

/** Attributes of a run that a list may ask for by their values. */
export type Attribute =
  | 'WorkflowType'
  | 'WorkflowId'
  | 'ExecutionStatus'
  | 'PayoutState'
  | 'PayoutOutcome'
  | 'PayoutAttention'
  | 'PayoutEndpoint'
  | 'PayoutCurrency'
  | 'GatewayOrderId';

/** What a list asks of Temporal's visibility, as data: never text of a caller's. Times are microseconds of the epoch. */
export type Clause =
  | { readonly is: 'one_of'; readonly attribute: Attribute; readonly values: readonly string[] }
  | { readonly is: 'none_of'; readonly attribute: Attribute; readonly values: readonly string[] }
  | { readonly is: 'set'; readonly attribute: Attribute }
  | { readonly is: 'id_begins'; readonly prefix: string }
  | { readonly is: 'started'; readonly fromUs: number | null; readonly belowUs: number | null }
  | { readonly is: 'all' | 'any'; readonly of: readonly Clause[] };

export const oneOf = (attribute: Attribute, values: readonly string[]): Clause => ({ is: 'one_of', attribute, values });
export const noneOf = (attribute: Attribute, values: readonly string[]): Clause => ({
  is: 'none_of',
  attribute,
  values,
});
export const allOf = (...of: readonly Clause[]): Clause => ({ is: 'all', of });
export const anyOf = (...of: readonly Clause[]): Clause => ({ is: 'any', of });
/** From the first inclusive to the second exclusive; null is no bound. */
export const started = (fromUs: number | null, belowUs: number | null): Clause => ({ is: 'started', fromUs, belowUs });

/** Every value a list asks for is made of these. A quote, a backslash or a blank never reaches a query. */
const PLAIN = /^[A-Za-z0-9._:-]{1,200}$/;

function quote(value: string): string {
  if (!PLAIN.test(value)) throw new RangeError('visibility query: expected letters, digits and . _ : - only');
  return `'${value}'`;
}

/** The clause in Temporal's list filter language. @throws RangeError for a value that could be read as anything else */
export function formatClause(clause: Clause): string {
  switch (clause.is) {
    case 'one_of':
      return `${clause.attribute} IN (${clause.values.map(quote).join(', ')})`;
    case 'none_of':
      return `${clause.attribute} NOT IN (${clause.values.map(quote).join(', ')})`;
    case 'set':
      return `${clause.attribute} IS NOT NULL`;
    case 'id_begins':
      return `WorkflowId STARTS_WITH ${quote(clause.prefix)}`;
    case 'started': {
      const from = clause.fromUs === null ? [] : [`StartTime >= '${formatStartTime(clause.fromUs)}'`];
      const below = clause.belowUs === null ? [] : [`StartTime < '${formatStartTime(clause.belowUs)}'`];
      return [...from, ...below].join(' AND ') || 'StartTime IS NOT NULL';
    }
    case 'all':
      return `(${clause.of.map(formatClause).join(' AND ')})`;
    case 'any':
      return `(${clause.of.map(formatClause).join(' OR ')})`;
  }
}

/** True when a run is one that the clause asks for: what the server answers, decided here. */
export function fits(run: VisibleRun, clause: Clause): boolean {
  switch (clause.is) {
    case 'one_of':
      return clause.values.includes(run.attributes[clause.attribute] ?? '');
    case 'none_of':
      return !clause.values.includes(run.attributes[clause.attribute] ?? '');
    case 'set':
      return run.attributes[clause.attribute] !== undefined;
    case 'id_begins':
      return run.workflowId.startsWith(clause.prefix);
    case 'started':
      return run.startUs >= (clause.fromUs ?? 0) && run.startUs < (clause.belowUs ?? Number.POSITIVE_INFINITY);
    case 'all':
      return clause.of.every((part) => fits(run, part));
    case 'any':
      return clause.of.some((part) => fits(run, part));
  }
}
