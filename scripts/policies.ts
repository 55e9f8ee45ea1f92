import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readPoliciesFile } from '../src/config/policies-file';
import { decideLimits } from '../src/domain/limit-rules';
import { parsePayoutAmount } from '../src/domain/money';
import {
  decide,
  EFFECTS,
  type Effect,
  findMismatch,
  type PolicyEffects,
  type PolicyFacts,
  type PolicyRule,
} from '../src/domain/policies';
import { describeError } from './project';

const USAGE = `npm run policies -- explain [--tenant NAME] [--endpoint NAME] [--known-receiver] < payout.json

  says which rule of POLICIES_FILE decides about a payout (the body of POST /payouts), and why
  --known-receiver: the Receiver was paid before; without it they count as new`;

/** What rules are about, of a request as it is sent to the API. @throws Error naming the field */
export function factsOf(
  body: unknown,
  options: { tenant: string; endpoint: string; isNewReceiver: boolean },
): PolicyFacts {
  const { amount, currency, endpoint, destination } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof amount !== 'string' || typeof currency !== 'string')
    throw new Error('expected a payout with amount and currency');
  const money = parsePayoutAmount(amount, currency);
  const kind = (destination as { readonly type?: PolicyFacts['destinationKinds'][number] } | undefined)?.type;
  return {
    ...{ tenant: options.tenant, endpoint: typeof endpoint === 'string' ? endpoint : options.endpoint },
    ...{ amount, currency: money.currency, isNewReceiver: options.isNewReceiver },
    // A Receiver who is asked may enter either.
    destinationKinds: kind === undefined ? ['bank_account', 'card'] : [kind],
  };
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** As the file has it: `3d`. */
function formatDuration(ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => ms % length === 0) ?? (['ms', 1] as const);
  return `${ms / size}${unit}`;
}

const sayApprovals = ({ needed, expiresInMs }: NonNullable<PolicyEffects['approvals']>): string =>
  needed === 0 ? 'none' : `${needed} within ${formatDuration(expiresInMs)}`;

const SAID: { readonly [Name in Effect]: (effect: NonNullable<PolicyEffects[Name]>) => string } = {
  deny: (reason) => reason,
  approvals: sayApprovals,
  guard: (guard) => `${guard.acts.join(' and ')}: ${sayApprovals(guard)}`,
  hold: ({ withinMs, expiresInMs }) =>
    `1 approval within ${formatDuration(expiresInMs)} if the same was asked for within ${formatDuration(withinMs)}`,
  hook: ({ send, timeoutMs, deadlineMs, ...release }) =>
    `is sent ${['plain facts', ...send].join(', ')}; ${formatDuration(timeoutMs)} a call, ${formatDuration(deadlineMs)} in all; ${sayApprovals(release)} release what it holds`,
};

const LABELS: Readonly<Partial<Record<Effect, string>>> = { guard: 'approvals of acts' };

/** A line for each effect with the rule that decides, and a line for each rule with the field in which it does not match. */
export function explain(rules: readonly PolicyRule[], facts: PolicyFacts): string[] {
  const decision = decide(rules, facts);
  const describe = <Name extends Effect>(name: Name): string => {
    const found = decision[name];
    return `${LABELS[name] ?? name}: ${found === null ? 'no rule' : `rule ${found.rule}, ${SAID[name](found.effect)}`}`;
  };
  const effects = EFFECTS.map(describe);
  const why = rules.map(({ name, match }) => {
    const field = findMismatch(match, facts);
    return `  ${name}: ${field === null ? 'matches' : `does not match by ${field}`}`;
  });
  const { exceeded, claims } = decideLimits(rules, facts);
  const limits = claims.map(({ rule, window }) => `rule ${rule}, per ${window}`);
  const ofLimits = exceeded === null ? limits.join('; ') || 'no rule' : `rule ${exceeded.rule} refuses it`;
  return [...effects, `limit: ${ofLimits}`, 'rules, top down:', ...why];
}

function main(): void {
  const text = { type: 'string' } as const;
  const { positionals, values } = parseArgs({
    options: { tenant: text, endpoint: text, 'known-receiver': { type: 'boolean' } },
    allowPositionals: true,
  });
  const file = process.env.POLICIES_FILE;
  if (positionals[0] !== 'explain' || !file) throw new Error('expected the word explain, and POLICIES_FILE');
  const { rules, problems } = readPoliciesFile(file, {
    readFile: (path) => readFileSync(path, 'utf8'),
    endpoints: null,
    secretFiles: [],
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const { tenant = 'default', endpoint = 'default', 'known-receiver': isKnown = false } = values;
  const facts = factsOf(JSON.parse(readFileSync(0, 'utf8')), { tenant, endpoint, isNewReceiver: !isKnown });
  for (const line of explain(rules, facts)) console.log(line);
}

if (require.main === module) {
  try {
    main();
  } catch (error) {
    console.error(`${describeError(error)}\n\n${USAGE}`);
    process.exitCode = 2;
  }
}
