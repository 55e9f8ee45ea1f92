import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readPoliciesFile } from '../src/config/policies-file';
import { decideLimits } from '../src/domain/limit-rules';
import { parsePayoutAmount } from '../src/domain/money';
import { decide, EFFECTS, findMismatch, type PolicyFacts, type PolicyRule } from '../src/domain/policies';
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

/** A line for each effect with the rule that decides, and a line for each rule with the field in which it does not match. */
export function explain(rules: readonly PolicyRule[], facts: PolicyFacts): string[] {
  const decision = decide(rules, facts);
  const effects = EFFECTS.map((name) => {
    const found = decision[name];
    return `${name}: ${found === null ? 'no rule' : `rule ${found.rule}, ${JSON.stringify(found.effect)}`}`;
  });
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
