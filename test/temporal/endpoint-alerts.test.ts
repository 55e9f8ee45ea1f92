import { Runtime } from '@temporalio/worker';
import { createEndpointAlerts } from '../../src/temporal/endpoint-alerts';

afterEach(() => jest.restoreAllMocks());

it('says what is wrong in constant words with the endpoint beside them, and counts it', () => {
  const counted: unknown[] = [];
  const createCounter = (name: string) => ({ add: (value: number, tags: object) => counted.push([name, value, tags]) });
  jest.spyOn(Runtime, 'instance').mockReturnValue({ metricMeter: { createCounter } } as unknown as Runtime);
  const log = { error: jest.fn(), warn: jest.fn(), info: jest.fn() };
  const alerts = createEndpointAlerts(log);
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
    [{ endpoint: 'sepa' }, 'sending to the endpoint goes on'],
    [{ endpoint: 'sepa' }, 'the gateway knows our control key'],
  ]);
  expect(counted).toEqual([
    ['gateway_clock_skew_alerts', 1, { endpoint: 'sepa' }],
    ['gateway_endpoint_pauses', 1, { endpoint: 'sepa' }],
    ['gateway_control_key_unproven', 1, { endpoint: 'sepa', check: 'unproven' }],
    ['gateway_control_key_unproven', 1, { endpoint: 'sepa', check: 'unanswered' }],
  ]);
});
