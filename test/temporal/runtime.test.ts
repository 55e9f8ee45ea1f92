import { Runtime, type RuntimeOptions, type Logger as SdkLogger } from '@temporalio/worker';
import type { Logger } from 'pino';
import { installTemporalRuntime } from '../../src/temporal/runtime';

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

it('a task that could not begin is told without its arguments', () => {
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
