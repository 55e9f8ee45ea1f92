import path from 'node:path';
import type { Document } from 'yaml';
import { z } from 'zod';
import { isCurrencyCode } from '../domain/currencies';
import { GUARDED_ACTS } from '../domain/gate';
import { MoneyError, parseDecimal } from '../domain/money';
import { isZone } from '../domain/periods';
import type { PolicyRule } from '../domain/policies';
import { durationBetween, text } from './config-values';
import { type HookConfig, hookFields, toClaim, toHooks } from './hook';
import { describeIssue, ENDPOINT_NAME_PATTERN, type Reading } from './list-file';
import { holdsSecret } from './webhook-target';

const NAME = text(
  ENDPOINT_NAME_PATTERN,
  'a lower-case letter followed by at most 31 lower-case letters, digits or "-"',
);
const oneOrMore = <T extends z.ZodType>(value: T, expected: string) =>
  z
    .union([value, z.array(value).min(1)], { error: `expected ${expected}, or a list of them` })
    .transform((read): z.output<T>[] => [read].flat() as z.output<T>[]);

const CURRENCY = 'an upper-case ISO 4217 code such as EUR';
const currency = z.string().refine(isCurrencyCode, { error: `expected ${CURRENCY}` });
const match = z.strictObject({
  tenant: oneOrMore(NAME, 'the name of a tenant').optional(),
  endpoint: oneOrMore(NAME, 'the name of an endpoint').optional(),
  currency: oneOrMore(currency, CURRENCY).optional(),
  amountFrom: z.string({ error: 'expected a decimal in quotes such as "1000.00"' }).optional(),
  destinationKind: oneOrMore(z.enum(['bank_account', 'card', 'card_ref']), 'bank_account, card or card_ref').optional(),
  newReceiver: z.boolean({ error: 'expected true or false' }).optional(),
});

const DAY_MS = 86_400_000;
/** What approvals can be asked for. */
const APPROVED = ['send', ...GUARDED_ACTS] as const;
const expiry = durationBetween('1m', '90d');
const rule = z
  .strictObject({
    name: NAME,
    match: match.default({}),
    approvals: z
      .int({ error: 'expected a number from 0 to 10' })
      .min(0)
      .max(10, 'expected a number from 0 to 10')
      .optional(),
    expiresIn: expiry.optional(),
    approvalsFor: z
      .array(z.enum(APPROVED, { error: `expected ${APPROVED.join(', ')}` }))
      .min(1)
      .optional(),
    hook: hookFields.optional(),
    hold: z.strictObject({ sameReceiverAndAmountWithin: durationBetween('1m', '31d') }).optional(),
    deny: z.string().min(1).max(200, 'expected at most 200 characters').optional(),
    limit: z
      .strictObject({
        amount: z.string({ error: 'expected a decimal in quotes such as "1000.00"' }),
        per: z.enum(['transaction', 'day', 'month'], { error: 'expected transaction, day or month' }),
        zone: z
          .string()
          .refine(isZone, { error: 'expected the name of a time zone such as Europe/Berlin' })
          .default('UTC'),
        over: z.enum(['refuse', 'wait'], { error: 'expected refuse or wait' }).default('refuse'),
      })
      .optional(),
  })
  .superRefine((read, context) => {
    const complain = (field: string, expected: string) =>
      context.addIssue({ code: 'custom', path: field.split('.'), message: `expected ${expected}` });
    const effects = [read.approvals, read.hold, read.deny, read.limit, read.hook].filter((each) => each !== undefined);
    if (effects.length === 0)
      complain('name', 'something that the rule asks for: approvals, hold, deny, limit or hook');
    if (read.expiresIn !== undefined && [read.approvals, read.hold, read.hook].every((each) => each === undefined))
      complain('expiresIn', 'no expiresIn without approvals, hold or hook');
    if (read.approvalsFor !== undefined && read.approvals === undefined)
      complain('approvalsFor', 'no approvalsFor without approvals');
    for (const [field, amount] of [
      ['match.amountFrom', read.match.amountFrom],
      ['limit.amount', read.limit?.amount],
    ] as const) {
      if (amount === undefined) continue;
      const [only, ...others] = read.match.currency ?? [];
      if (only === undefined || others.length > 0) complain('match.currency', 'exactly one currency, for the amount');
      else if (!isAmount(amount, only))
        complain(field, 'a decimal with at most the digits of its currency, below 2^53 of them');
    }
  });

const file = z.strictObject({ rules: z.array(rule).min(1, 'expected at least one rule') });
type Rule = z.output<typeof rule>;

/** The rules, the services that they ask before a send, and what is wrong with the file. */
export interface PoliciesFile {
  readonly rules: readonly PolicyRule[];
  readonly hooks: readonly HookConfig[];
  readonly problems: readonly string[];
}

/** Reads the file of policies: YAML, of which JSON is a part. Every problem has its line and field, and no value. Never throws. */
export function readPoliciesFile(
  name: string,
  {
    readFile,
    secretFiles,
    endpoints,
  }: Pick<Reading, 'readFile' | 'secretFiles'> & { readonly endpoints: readonly string[] | null },
): PoliciesFile {
  // Loaded only where there is such a file.
  const { isNode, LineCounter, parseDocument } = require('yaml') as typeof import('yaml');
  const where = `POLICIES_FILE ${name}`;
  const lines = new LineCounter();
  const refuse = (...problems: string[]) => ({ rules: [], hooks: [], problems });
  let document: Document.Parsed;
  try {
    document = parseDocument(readFile(name), { lineCounter: lines, merge: false });
  } catch {
    return refuse(`${where}: expected the path of a readable file`);
  }
  if (document.errors.length > 0)
    return refuse(...document.errors.map(({ pos }) => `${where}: line ${lines.linePos(pos[0]).line}: expected YAML`));
  const at = (fields: readonly PropertyKey[]): string => {
    for (let depth = fields.length; depth >= 0; depth -= 1) {
      const node = document.getIn(fields.slice(0, depth), true);
      if (isNode(node) && node.range) return `line ${lines.linePos(node.range[0]).line}`;
    }
    return 'line 1';
  };
  const parsed = file.safeParse(toValue(document));
  if (!parsed.success)
    return refuse(
      ...parsed.error.issues.flatMap((issue) =>
        describeIssue(issue).map((problem) => `${where}: ${at(issue.path)}: ${problem}`),
      ),
    );
  const problems: string[] = [];
  const hooks: HookConfig[] = [];
  parsed.data.rules.forEach((read, index, all) => {
    const complain = (field: string, expected: string) =>
      problems.push(
        `${where}: ${at(['rules', index, ...field.split('.')])}: rules.${index}.${field}: expected ${expected}`,
      );
    if (all.findIndex((other) => other.name === read.name) < index) complain('name', 'no other rule of this name');
    if (endpoints !== null && (read.match.endpoint ?? []).some((each) => !endpoints.includes(each)))
      complain('match.endpoint', 'names of configured endpoints');
    if (read.hook === undefined) return;
    if (holdsSecret(read.hook)) secretFiles.push({ setting: 'POLICIES_FILE', path: name });
    const entry = { where: `${where}: ${at(['rules', index, 'hook'])}`, directory: path.dirname(name) };
    hooks.push(...toHooks(read.name, read.hook, { ...entry, readFile, problems, secretFiles }, `rules.${index}.hook.`));
  });
  return { rules: parsed.data.rules.map(toRule), hooks, problems };
}

/** Aliases may make a small file a large value: none are followed. */
function toValue(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return null;
  }
}

function isAmount(amount: string, of: string): boolean {
  try {
    const { minor } = parseDecimal(amount, of);
    return minor > 0n && minor <= BigInt(Number.MAX_SAFE_INTEGER);
  } catch (error) {
    if (error instanceof MoneyError) return false;
    throw error;
  }
}

function toRule({
  name,
  match: matched,
  approvals: needed,
  approvalsFor = ['send'],
  expiresIn,
  hold,
  deny,
  limit,
  hook,
}: Rule): PolicyRule {
  const expiresInMs = expiresIn ?? 7 * DAY_MS;
  const acts = GUARDED_ACTS.filter((act) => approvalsFor.includes(act));
  const approvals = needed === undefined ? undefined : { needed, expiresInMs };
  return {
    ...{ name, match: matched, deny, limit },
    approvals: approvalsFor.includes('send') ? approvals : undefined,
    guard: approvals === undefined || acts.length === 0 ? undefined : { ...approvals, acts },
    hook: hook === undefined ? undefined : toClaim(hook, expiresInMs),
    hold: hold === undefined ? undefined : { withinMs: hold.sameReceiverAndAmountWithin, expiresInMs },
  };
}
