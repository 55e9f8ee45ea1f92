import { Runtime, type RuntimeOptions, type Logger as SdkLogger } from '@temporalio/worker';
import type { Logger } from 'pino';
import { HOOK_VERDICTS } from '../../src/domain/metrics';
import { createEndpointAlerts, installTemporalRuntime } from '../../src/temporal/telemetry';

afterEach(() => jest.restoreAllMocks());

/** The logger that the SDK is given, and what it makes of its lines. */
function install(metricsAddress: string | null = null) {
  let given: SdkLogger | undefined;
  let telemetry: RuntimeOptions['telemetryOptions'];
  jest.spyOn(Runtime, 'install').mockImplementation((options?: RuntimeOptions) => {
    given = options?.logger;
    telemetry = options?.telemetryOptions;
    return {} as Runtime;
  });
  const log = { info: jest.fn(), warn: jest.fn(), error: jest.fn() };
  installTemporalRuntime(log as unknown as Logger, metricsAddress);
  return { given, log, telemetry };
}

it('what the SDK says goes to our log, with its level and what it says about it', () => {
  const { given, log } = install();
  given?.warn('slow', { taskQueue: 'payouts' });
  expect(log.warn.mock.calls).toEqual([[{ taskQueue: 'payouts' }, 'slow']]);
  given?.info('plain');
  expect(log.info.mock.calls).toEqual([[{}, 'plain']]);
});

it('a task that could not begin is reported without its arguments', () => {
  const { given, log } = install();
  const meta = { activityId: '1', task: '{"data":"MARKER"}', taskEncoded: 'TUFSS0VS', error: new Error('refused') };
  given?.error('Error while processing ActivityTask.start', meta);
  const { activityId, error } = meta;
  expect(log.error.mock.calls).toEqual([[{ activityId, error }, 'Error while processing ActivityTask.start']]);
});

it('metrics are offered where the configuration says, and nowhere without it', () => {
  expect(install().telemetry).not.toHaveProperty('metrics');
  expect(install('127.0.0.1:9464').telemetry).toMatchObject({
    metrics: { prometheus: { bindAddress: '127.0.0.1:9464' } },
  });
});

afterEach(() => jest.restoreAllMocks());

it('says what is wrong in constant words with the endpoint beside them, and shows it until it is over', () => {
  const shown: unknown[] = [];
  const createGauge = (name: string) => ({ set: (value: number, tags: object) => shown.push([name, value, tags]) });
  const observed: unknown[] = [];
  const createHistogram = (name: string) => ({
    record: (value: number, tags: object) => observed.push([name, value, tags]),
  });
  const createCounter = (name: string) => ({
    add: (value: number, tags: object) => observed.push([name, value, tags]),
  });
  const metricMeter = { createGauge, createHistogram, createCounter };
  jest.spyOn(Runtime, 'instance').mockReturnValue({ metricMeter } as unknown as Runtime);
  const log = { error: jest.fn(), warn: jest.fn(), info: jest.fn() };
  const alerts = createEndpointAlerts(log, { endpoints: [{ name: 'sepa' }], hooks: [{ rule: 'names' }] });
  expect(shown.splice(0)).toEqual([
    ['gateway_breaker_open', 0, { endpoint: 'sepa' }],
    ['gateway_clock_skew_seconds', 0, { endpoint: 'sepa' }],
    ['gateway_control_key_unproven', 0, { endpoint: 'sepa' }],
  ]);
  alerts.onSkew('sepa', -61);
  alerts.onTurn('sepa', 'paused');
  alerts.onTurn('sepa', 'resumed');
  alerts.onKeyCheck('sepa', 'unproven');
  alerts.onKeyCheck('sepa', 'unanswered');
  alerts.onKeyCheck('sepa', 'proven');
  expect(log.error.mock.calls).toEqual([
    [{ endpoint: 'sepa', skewSeconds: -61 }, expect.stringContaining('differ by more than a minute')],
  ]);
  expect(log.warn.mock.calls).toEqual([
    [{ endpoint: 'sepa' }, expect.stringContaining('sending to it pauses')],
    [{ endpoint: 'sepa' }, expect.stringContaining('the key is wrong, or this gateway does not tell')],
    [{ endpoint: 'sepa' }, expect.stringContaining('could not be checked')],
  ]);
  expect(log.info.mock.calls).toEqual([
    [{ endpoint: 'sepa' }, 'sending to the endpoint resumes'],
    [{ endpoint: 'sepa' }, 'the gateway knows our control key'],
  ]);
  alerts.onClock('sepa', -61_000);
  expect(shown).toEqual([
    ['gateway_breaker_open', 1, { endpoint: 'sepa' }],
    ['gateway_breaker_open', 0, { endpoint: 'sepa' }],
    ['gateway_control_key_unproven', 1, { endpoint: 'sepa' }],
    ['gateway_control_key_unproven', 1, { endpoint: 'sepa' }],
    ['gateway_control_key_unproven', 0, { endpoint: 'sepa' }],
    ['gateway_clock_skew_seconds', 61, { endpoint: 'sepa' }],
  ]);
  alerts.onVerdict('names', 'hold');
  alerts.onCall({ endpoint: 'sepa', kind: 'probe', outcome: 'not_found', seconds: 0.2 });
  alerts.onCall({ endpoint: 'sepa', kind: 'create', outcome: 'unconfirmed', seconds: 2 });
  expect(observed).toEqual([
    ['gateway_sends_in_doubt_total', 0, { endpoint: 'sepa' }],
    ...HOOK_VERDICTS.map((verdict) => ['hook_verdicts_total', 0, { rule: 'names', verdict }]),
    ['hook_verdicts_total', 1, { rule: 'names', verdict: 'hold' }],
    ['gateway_call_seconds', 0.2, { endpoint: 'sepa', kind: 'probe', outcome: 'not_found' }],
    ['gateway_call_seconds', 2, { endpoint: 'sepa', kind: 'create', outcome: 'unconfirmed' }],
    ['gateway_sends_in_doubt_total', 1, { endpoint: 'sepa' }],
  ]);
});
