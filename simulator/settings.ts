/** Every duration and switch that can change while the simulator runs. Durations are milliseconds. */
export interface Settings {
  /** From acceptance (or the submitted form) to the next status. */
  readonly processingMs: number;
  /** From a reported status to the first try of its callback. */
  readonly callbackDelayMs: number;
  readonly slowMs: number;
  /** How long a reply that never comes keeps its socket open. */
  readonly hangMs: number;
  /** From the create call to the appearance of the order in `late_acceptance`. */
  readonly lateMs: number;
  readonly formLimitMs: number;
  readonly reversalDelayMs: number;
  /** From `unknown` to the status that follows it. */
  readonly unknownMs: number;
  readonly callbackTimeoutMs: number;
  readonly callbackFirstGapMs: number;
  /** Each gap is the one before it times this; 1.3585 makes 29 gaps from 60 s sum to 14 days. */
  readonly callbackGapFactor: number;
  readonly callbackTries: number;
  readonly checkSkew: boolean;
  readonly checkNonce: boolean;
  readonly duplicates: DuplicatePolicy;
}

/** What a second create with a known `client_orderid` does. The gateway's own behaviour is not documented. */
export const DUPLICATE_POLICIES = ['create', 'refuse', 'return_first'] as const;
export type DuplicatePolicy = (typeof DUPLICATE_POLICIES)[number];

export const DEFAULT_SETTINGS: Settings = {
  processingMs: 6_000,
  callbackDelayMs: 1_500,
  slowMs: 60_000,
  hangMs: 60_000,
  lateMs: 20_000,
  formLimitMs: 900_000,
  reversalDelayMs: 10_000,
  unknownMs: 10_000,
  callbackTimeoutMs: 30_000,
  callbackFirstGapMs: 60_000,
  callbackGapFactor: 1.3585,
  callbackTries: 30,
  checkSkew: true,
  checkNonce: true,
  duplicates: 'create',
};

/** Node fires a longer timer at once, so no duration may exceed this. */
export const MAX_TIMER_MS = 2_147_483_647;

/** A setting that cannot be used; `setting` names it, `expected` completes "expected …". */
export class SettingError extends RangeError {
  override readonly name = 'SettingError';
  readonly setting: string;
  readonly expected: string;
  constructor(setting: string, expected: string) {
    super(`${setting}: expected ${expected}`);
    this.setting = setting;
    this.expected = expected;
  }
}

/**
 * Reads some settings out of decoded JSON.
 * @throws SettingError for an unknown name or an unusable value.
 */
export function parseSettings(input: unknown): Partial<Settings> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new SettingError('settings', 'an object');
  }
  const entries = Object.entries(input).map(([name, value]) => {
    if (!isSettingName(name)) throw new SettingError('settings', `only ${Object.keys(DEFAULT_SETTINGS).join(', ')}`);
    return [name, checkSetting(name, value)] as const;
  });
  return Object.fromEntries(entries) as Partial<Settings>;
}

function isSettingName(name: string): name is keyof Settings {
  return Object.hasOwn(DEFAULT_SETTINGS, name);
}

function checkSetting(name: keyof Settings, value: unknown): Settings[keyof Settings] {
  if (name === 'duplicates') {
    const policy = DUPLICATE_POLICIES.find((known) => known === value);
    if (policy === undefined) throw new SettingError(name, DUPLICATE_POLICIES.join(', '));
    return policy;
  }
  if (name === 'checkSkew' || name === 'checkNonce') {
    if (typeof value !== 'boolean') throw new SettingError(name, 'true or false');
    return value;
  }
  if (name === 'callbackGapFactor') return checkNumber(name, value, { min: 1, max: 10, whole: false });
  if (name === 'callbackTries') return checkNumber(name, value, { min: 1, max: 1000, whole: true });
  return checkNumber(name, value, { min: 0, max: MAX_TIMER_MS, whole: true });
}

function checkNumber(name: string, value: unknown, range: { min: number; max: number; whole: boolean }): number {
  const fits = typeof value === 'number' && value >= range.min && value <= range.max;
  if (!fits || (range.whole && !Number.isInteger(value))) {
    throw new SettingError(name, `${range.whole ? 'a whole number' : 'a number'} from ${range.min} to ${range.max}`);
  }
  return value;
}
