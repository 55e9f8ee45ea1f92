import { describeRole, readRoutes } from '../../src/temporal/deployment';

const version = { deploymentName: 'payouts', buildId: '2' };
const request = { namespace: 'default', deploymentName: 'payouts' };
const serviceOf = (describeWorkerDeployment: () => Promise<unknown>) =>
  ({ workflowService: { describeWorkerDeployment } }) as unknown as Parameters<typeof readRoutes>[0];

it('reads what is current and ramping, and the builds, the last current first', async () => {
  const build = (buildId: string, lastCurrent?: number) => ({
    deploymentVersion: { buildId },
    ...(lastCurrent !== undefined && {
      lastCurrentTime: { seconds: lastCurrent, nanos: 0 },
      firstActivationTime: { seconds: lastCurrent - 1, nanos: 5e8 },
    }),
  });
  const service = serviceOf(async () => ({
    workerDeploymentInfo: {
      routingConfig: {
        currentDeploymentVersion: { buildId: '1' },
        rampingDeploymentVersion: { buildId: '2' },
        rampingVersionPercentage: 10,
      },
      versionSummaries: [build('2'), build('0', 5), build('1', 9)],
    },
  }));
  expect(await readRoutes(service, request)).toEqual({
    current: '1',
    ramping: { buildId: '2', percentage: 10 },
    builds: [
      { buildId: '1', wasCurrent: true, activatedAt: 8.5 },
      { buildId: '0', wasCurrent: true, activatedAt: 4.5 },
      { buildId: '2', wasCurrent: false, activatedAt: 0 },
    ],
  });
});

it('a deployment that no worker has polled for is none; any other failure is one', async () => {
  const failing = (code: number) => serviceOf(() => Promise.reject(Object.assign(new Error('refused'), { code })));
  expect(await readRoutes(failing(5), request)).toBeNull();
  await expect(readRoutes(failing(14), request)).rejects.toThrow('refused');
});

it.each([
  [{ current: '2', ramping: null }, 'this version is current', false],
  [{ current: '1', ramping: { buildId: '2', percentage: 10 } }, 'this version takes 10 % of the payouts', false],
  [{ current: '1', ramping: null }, 'this version is not current: it takes no new payouts', true],
  [{ current: null, ramping: null }, 'this version is not current; no version is: it takes no new payouts', true],
])('%j: %s', (routes, text, isIdle) => {
  const role = describeRole(version, { ...routes, builds: [] });
  expect(role.text.startsWith(text)).toBe(true);
  expect(role.isIdle).toBe(isIdle);
});
