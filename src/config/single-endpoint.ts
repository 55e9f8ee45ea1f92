import { z } from 'zod';
import {
  callbackFields,
  collect,
  controlKey,
  digits,
  extraFields,
  fieldLengths,
  gatewayUrl,
  hosts,
  json,
  list,
  login,
  payoutTypes,
  privateKey,
  ratePerSecond,
  replyFormat,
  statusApi,
} from './config-values';
import { ENDPOINT_DEFAULTS, type EndpointConfig, toTarget } from './endpoint';

const REQUIRED = '**required** without `ENDPOINTS_FILE`';

/** The variables of a single endpoint that needs no file; none of them may be set together with `ENDPOINTS_FILE`. */
export const ENDPOINT_VARIABLES = {
  GATEWAY_BASE_URL: {
    schema: gatewayUrl.optional(),
    shown: REQUIRED,
    meaning: 'Base URL of the gateway, with its context path',
  },
  GATEWAY_ENDPOINT_ID: {
    schema: digits.optional(),
    meaning: 'Endpoint that pays (one currency)',
  },
  GATEWAY_ENDPOINT_GROUP_ID: {
    schema: digits.optional(),
    meaning: 'Endpoint group that pays (several currencies); exactly one of the two',
  },
  GATEWAY_LOGIN: {
    schema: login.optional(),
    shown: REQUIRED,
    meaning: 'Login at the gateway',
  },
  GATEWAY_CONTROL_KEY: {
    schema: controlKey.optional(),
    secret: true,
    shown: REQUIRED,
    meaning: 'Merchant control key: checks callbacks, signs v2 status requests',
  },
  GATEWAY_PRIVATE_KEY: {
    schema: privateKey.optional(),
    secret: true,
    shown: REQUIRED,
    meaning: 'RSA key that signs payouts, at least 2048 bits',
  },
  GATEWAY_STATUS_API: {
    schema: statusApi,
    meaning: 'Status requests: `v2` (control) or `v4` (signed)',
  },
  GATEWAY_REPLY_FORMAT: {
    schema: replyFormat,
    meaning: 'Replies to ask for: `form` or `json`',
  },
  GATEWAY_EXTRA_FIELDS: {
    schema: json(extraFields, 'a JSON list like [{"name":"sender_name","required":true,"maxLength":128}]').default([]),
    shown: '[]',
    meaning: 'Fields this endpoint accepts besides the documented ones, as JSON',
  },
  GATEWAY_FIELD_LENGTHS: {
    schema: json(
      fieldLengths,
      'a JSON object like {"accountNumber":34,"bankCode":11}, numbers from 1 to 64',
    ).optional(),
    shown: '{"accountNumber":24,"bankCode":3}',
    meaning: 'Maximum lengths of these fields at the gateway, as JSON; French and Italian IBANs have 27 characters',
  },
  GATEWAY_COLLECT: {
    schema: list(collect).optional(),
    shown: 'bank_account',
    meaning: 'What a Receiver may enter: `bank_account`, `card` or both, separated by commas; see operating',
  },
  GATEWAY_PAYOUT_TYPES: {
    schema: list(payoutTypes).optional(),
    shown: 'payout,none',
    meaning: 'Transaction types of a payout, separated by commas; `none`: a report without a type',
  },
  GATEWAY_CALLBACK_FIELDS: {
    schema: callbackFields,
    meaning: 'Callback addresses to send: `both`, `server_callback_url`, or `notify_url` (also reports later events)',
  },
  GATEWAY_RATE: {
    schema: z.string().transform(Number).pipe(ratePerSecond).optional(),
    meaning: 'Maximum calls to the gateway per second, per worker',
  },
  GATEWAY_REDIRECT_HOSTS: {
    schema: hosts.optional(),
    meaning: 'Hosts the gateway may send a Receiver to, separated by commas',
  },
} satisfies Record<string, { schema: z.ZodType; meaning: string; secret?: true; shown?: string }>;

type EndpointVariables = {
  [Name in keyof typeof ENDPOINT_VARIABLES]: z.output<(typeof ENDPOINT_VARIABLES)[Name]['schema']>;
};

/** The endpoints come from one place: a file, or the variables of a single one. */
export function checkEndpointVariables(env: NodeJS.ProcessEnv, isSet: (name: string) => boolean): string[] {
  if (env.ENDPOINTS_FILE) {
    return Object.keys(ENDPOINT_VARIABLES)
      .filter(isSet)
      .map((name) => `ENDPOINTS_FILE: expected either ENDPOINTS_FILE or ${name}, not both`);
  }
  const problems = Object.entries(ENDPOINT_VARIABLES)
    .filter(([name, variable]) => 'shown' in variable && variable.shown === REQUIRED && !isSet(name))
    .map(([name]) => `${name}: is required`);
  if (!env.GATEWAY_ENDPOINT_ID === !env.GATEWAY_ENDPOINT_GROUP_ID) {
    problems.push('GATEWAY_ENDPOINT_ID: expected exactly one of GATEWAY_ENDPOINT_ID and GATEWAY_ENDPOINT_GROUP_ID');
  }
  return problems;
}

/** Its name in callback URLs and queues. */
export const SINGLE_ENDPOINT_NAME = 'default';

/** The endpoint from variables that have been checked. */
export function toSingleEndpoint(env: EndpointVariables): EndpointConfig {
  return {
    name: SINGLE_ENDPOINT_NAME,
    baseUrl: env.GATEWAY_BASE_URL ?? '',
    target: toTarget(env.GATEWAY_ENDPOINT_ID, env.GATEWAY_ENDPOINT_GROUP_ID),
    login: env.GATEWAY_LOGIN ?? '',
    controlKey: env.GATEWAY_CONTROL_KEY ?? '',
    olderControlKeys: [],
    privateKeyPem: env.GATEWAY_PRIVATE_KEY ?? '',
    statusApi: env.GATEWAY_STATUS_API,
    replyFormat: env.GATEWAY_REPLY_FORMAT,
    currencies: null,
    extraFields: env.GATEWAY_EXTRA_FIELDS,
    fieldLengths: env.GATEWAY_FIELD_LENGTHS ?? ENDPOINT_DEFAULTS.fieldLengths,
    collect: env.GATEWAY_COLLECT ?? ENDPOINT_DEFAULTS.collect,
    payoutTypes: env.GATEWAY_PAYOUT_TYPES ?? ENDPOINT_DEFAULTS.payoutTypes,
    callbackFields: env.GATEWAY_CALLBACK_FIELDS,
    requiredFields: [],
    pollPlan: null,
    calendar: null,
    ratePerSecond: env.GATEWAY_RATE ?? null,
    redirectHosts: env.GATEWAY_REDIRECT_HOSTS ?? null,
  };
}
