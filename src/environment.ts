import { z } from 'zod';
import { DEFAULT_POLICY, type Ladder, parseDuration } from './domain/poll-plan';

const duration = z.string().transform((text, context) => {
  try {
    return parseDuration(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'expected a duration' });
    return z.NEVER;
  }
});

function json<T extends z.ZodType>(schema: T, expected: string) {
  return z.string().transform((text, context): z.output<T> => {
    const parsed = schema.safeParse(readJson(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: `expected ${expected}` });
    return z.NEVER;
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const url = (expected: string, maxLength: number) =>
  z.string().transform((text, context) => {
    const parsed = URL.canParse(text) ? new URL(text) : null;
    const isPlain =
      parsed !== null &&
      ['http:', 'https:'].includes(parsed.protocol) &&
      !parsed.username &&
      !parsed.search &&
      !parsed.hash;
    if (isPlain && text.length <= maxLength) return text.replace(/\/+$/, '');
    context.addIssue({ code: 'custom', message: `expected ${expected}` });
    return z.NEVER;
  });

const text = (pattern: RegExp, expected: string) => z.string().regex(pattern, `expected ${expected}`);

const pollStages = z.array(z.strictObject({ every: duration, until: duration })).min(1);
const isRising = (stages: readonly { until: number }[]) =>
  stages.every((stage, index) => stage.until > (stages[index - 1]?.until ?? 0));

/** The gateway's callback URL field takes 128 characters, of which our path needs some. */
const PUBLIC_BASE_URL_LENGTH = 80;

/** The one schema of the environment. The README's table is made from it; `secret` variables may also be given as `NAME_FILE`. */
export const ENVIRONMENT = {
  GATEWAY_BASE_URL: {
    schema: url(
      'an http or https URL with the context path, without query, e.g. https://sandbox.example.com/paynet',
      200,
    ),
    meaning: 'The gateway, with its context path',
  },
  GATEWAY_ENDPOINT_ID: {
    schema: text(/^[0-9]{1,20}$/, 'a number').optional(),
    meaning: 'Endpoint that pays (one currency)',
  },
  GATEWAY_ENDPOINT_GROUP_ID: {
    schema: text(/^[0-9]{1,20}$/, 'a number').optional(),
    meaning: 'Endpoint group that pays (several currencies); exactly one of the two',
  },
  GATEWAY_LOGIN: {
    schema: text(/^[!-~]{1,128}$/, '1 to 128 visible ASCII characters'),
    meaning: 'Login at the gateway',
  },
  GATEWAY_CONTROL_KEY: {
    schema: text(/^[!-~]{16,128}$/, '16 to 128 visible ASCII characters'),
    secret: true,
    meaning: 'Merchant control key: checks callbacks, signs v2 status requests',
  },
  GATEWAY_PRIVATE_KEY: {
    schema: text(/-----BEGIN (RSA )?PRIVATE KEY-----/, 'an RSA private key in PEM (PKCS#1 or PKCS#8)'),
    secret: true,
    meaning: 'RSA key that signs payouts, at least 2048 bits',
  },
  GATEWAY_STATUS_API: {
    schema: z.enum(['v2', 'v4']).default('v2'),
    meaning: 'Status requests: `v2` (control) or `v4` (signed)',
  },
  GATEWAY_REPLY_FORMAT: {
    schema: z.enum(['form', 'json']).default('form'),
    meaning: 'Replies to ask for: `form` or `json`',
  },
  GATEWAY_TIMEOUT: {
    schema: duration.default(30_000),
    shown: '30s',
    meaning: 'How long the gateway may take to answer a payout; status requests get two thirds of it',
  },
  GATEWAY_EXTRA_FIELDS: {
    schema: json(
      z.array(
        z.strictObject({
          name: z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/),
          required: z.boolean().default(false),
          maxLength: z.int().min(1).max(1024).default(255),
        }),
      ),
      'a JSON list like [{"name":"sender_name","required":true,"maxLength":128}]',
    ).default([]),
    shown: '[]',
    meaning: 'Fields this endpoint takes beyond the documented ones, as JSON',
  },
  PUBLIC_BASE_URL: {
    schema: url(
      `an http or https URL of at most ${PUBLIC_BASE_URL_LENGTH} characters without query`,
      PUBLIC_BASE_URL_LENGTH,
    ),
    meaning: 'Where the gateway and the Receiver reach this API',
  },
  HASH_KEY: {
    schema: text(/^[!-~]{32,256}$/, '32 to 256 visible ASCII characters').optional(),
    secret: true,
    shown: 'derived from the control key',
    meaning: 'Key of the request fingerprints and destination hashes; keep it when other keys are rotated',
  },
  POLL_PLAN: {
    schema: json(
      pollStages.refine(isRising),
      'a JSON list like [{"every":"4s","until":"5m"},{"every":"5m","until":"1h"}] with rising ends',
    )
      .transform((stages) => stages.map(({ every, until }) => ({ everyMs: every, untilMs: until })))
      .default([...DEFAULT_POLICY.pollPlan]),
    shown: 'every 4s until 5m, 5m until 1h, 1h until 24h, 6h until 14d',
    meaning: 'When to ask for the order status; the first entry is the fast gear, the last end is the horizon',
  },
  UNCONFIRMED_LADDER: {
    schema: json(
      z.strictObject({ gaps: z.array(duration).min(1), every: duration, until: duration }),
      'a JSON object like {"gaps":["5s","15s"],"every":"1h","until":"24h"}',
    )
      .transform(({ gaps, every, until }): Ladder => ({ gapsMs: gaps, thenEveryMs: every, untilMs: until }))
      .default(DEFAULT_POLICY.ladder),
    shown: '5s 15s 30s 1m 2m 5m 10m 15m, then 1h until 24h',
    meaning: 'When to ask after a send whose outcome is unknown',
  },
  CONFIRM_WITHIN: {
    schema: duration.default(DEFAULT_POLICY.confirmWithinMs),
    shown: '60s',
    meaning:
      'How long an unreachable gateway may keep a callback from being confirmed before it settles the payout alone',
  },
  HOST: {
    schema: text(/^[0-9A-Za-z.:-]{1,253}$/, 'a host name or address').default('127.0.0.1'),
    meaning: 'Address the API listens on',
  },
  PORT: {
    schema: text(/^[0-9]{1,5}$/, 'a port number')
      .transform(Number)
      .pipe(z.int().max(65_535, 'expected a port number'))
      .default(3000),
    meaning: 'Port the API listens on',
  },
  LOG_LEVEL: {
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    meaning: 'Least serious level that is logged',
  },
} satisfies Record<string, { schema: z.ZodType; meaning: string; secret?: true; shown?: string }>;

export type Environment = { [Name in keyof typeof ENVIRONMENT]: z.output<(typeof ENVIRONMENT)[Name]['schema']> };
