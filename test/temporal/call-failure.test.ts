import { NamespaceNotFoundError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import fc from 'fast-check';
import { classifyFailure, isTrouble, saysNotRunning } from '../../src/temporal/call-failure';

/** A failure as gRPC hands it over. */
function grpcError(code: number, details: string): Error {
  return Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });
}
const wrapped = (cause: Error) => new ServiceError('Failed to signal Workflow', { cause });

// What servers answer: the development server on SQLite, over Cassandra, and the time-skipping test server.
const NO_WORKFLOW = [
  'workflow not found for ID: payout:PO-1',
  'workflow execution not found for workflow ID "payout:PO-1" and run ID "0190b3b0-0000-7000-8000-000000000000"',
  'Workflow executionsRow not found.  WorkflowId: payout:PO-1, RunId: 1',
  'operation GetCurrentExecution encountered not found',
  'operation GetWorkflowExecution encountered not found',
  'Workflow execution result not found.  WorkflowId: payout:PO-1, RunId: ',
  'Execution "ExecutionId{...}" not found in mutable state. Known executions: {}',
];
const NOT_RUNNING = ['workflow execution already completed', 'workflow update was aborted by closing workflow'];
const OTHERS = [
  'workflow history not found',
  'activity task not found',
  'operation GetNamespace encountered not found',
  'search attribute workflow not found',
  'Not found',
  '',
];

describe.each([
  ['as gRPC has it', (message: string) => grpcError(5, message)],
  ['as the native connection has it', (message: string) => Object.assign(grpcError(5, ''), { message })],
  ['wrapped by the client', (message: string) => wrapped(grpcError(5, message))],
  ['as the client words it', (message: string) => new WorkflowNotFoundError(message, 'payout:PO-1', undefined)],
])('NOT_FOUND %s', (_name, fail) => {
  it.each(NO_WORKFLOW)('no workflow: %s', (message) => {
    expect(classifyFailure(fail(message))).toBe('no_workflow');
    expect(saysNotRunning(fail(message))).toBe(true);
  });

  it.each(NOT_RUNNING)('none that runs: %s', (message) => {
    expect(classifyFailure(fail(message))).toBe('not_running');
    expect(saysNotRunning(fail(message))).toBe(true);
  });

  it.each(OTHERS)('nothing about a workflow: %s', (message) => {
    expect(classifyFailure(fail(message))).toBe('outage');
    expect(saysNotRunning(fail(message))).toBe(false);
  });

  it.each(['update act-1 not found', 'update "workflow not found" not found'])('a lost update: %s', (message) => {
    expect(classifyFailure(fail(message))).toBe('aborted');
    expect(saysNotRunning(fail(message))).toBe(false);
  });

  it('a missing namespace, whatever its name', () => {
    for (const name of ['nonexist', 'workflow not found']) {
      expect(classifyFailure(fail(`Namespace ${name} is not found.`))).toBe('namespace');
    }
  });

  it('no other sentence says that there is no workflow', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(isTrouble(classifyFailure(fail(`x${text}`)))).toBe(true);
      }),
    );
  });
});

it('a missing namespace as the client words it', () => {
  expect(classifyFailure(new NamespaceNotFoundError('payouts'))).toBe('namespace');
});

it.each([
  [1, 'outage'],
  [2, 'outage'],
  [3, null],
  [4, 'outage'],
  [6, null],
  [7, 'permission'],
  [8, 'outage'],
  [9, 'aborted'],
  [10, 'outage'],
  [11, 'outage'],
  [12, 'unimplemented'],
  [13, 'outage'],
  [14, 'outage'],
  [15, 'outage'],
  [16, 'credentials'],
])('status %i is %s, whatever its message', (code, failure) => {
  for (const message of ['', 'workflow not found for ID: payout:PO-1', 'workflow execution already completed']) {
    expect(classifyFailure(grpcError(code, message))).toBe(failure);
    expect(classifyFailure(wrapped(grpcError(code, message)))).toBe(failure);
    expect(saysNotRunning(grpcError(code, message))).toBe(false);
  }
});

it.each([
  'Namespace default has no mapping defined for search attribute PayoutState',
  'invalid value for search attribute AmountMinor of type Int: [x]',
  'invalid query: invalid search attribute: PayoutState',
])('a search attribute: %s', (message) => {
  expect(classifyFailure(wrapped(grpcError(3, message)))).toBe('search_attribute');
});

it.each([new Error('workflow not found for ID: payout:PO-1'), new TypeError('x'), 'text', null, undefined])(
  'a defect of ours is no answer of the server: %s',
  (error) => {
    expect(classifyFailure(error)).toBeNull();
    expect(isTrouble(classifyFailure(error))).toBe(false);
  },
);
