import fc from 'fast-check';
import { PROBLEMS } from '../../../src/api/plugins/problems';
import { type ApiRequest, fixedRequestsTo, LATIN_1, oversized, requestsTo } from './api-requests';
import { type Contract, createConformance, listOperations } from './contract';
import { createFindings, type Findings } from './findings';
import { type Harness, openHarness } from './harness';
import { MARKER } from './marker';

export interface ApiAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What is wrong with an answer, in our words, without the contract: it leaks, fails, or is no problem that we know. */
export function judgeAnswer({ status, type, body }: ApiAnswer): string | null {
  if (status >= 500 && status !== 503) return `answered ${status}`;
  if (status < 400) return null;
  if (body.includes(MARKER)) return 'the error repeats what was sent';
  if (!type.startsWith('application/problem+json')) return `an error as ${type}`;
  const { code } = JSON.parse(body) as { code?: string };
  const known = Object.entries(PROBLEMS).find(([name]) => name === code)?.[1];
  return known?.status === status ? null : 'an error without a known code';
}

/** So many requests made from the contract, spread over its operations. */
export function drawRequests(contract: Contract, options: { requests: number; seed: number }): readonly ApiRequest[] {
  const operations = listOperations(contract);
  const numRuns = Math.ceil(options.requests / operations.length);
  const drawn = operations.map((operation) => fc.sample(requestsTo(operation), { seed: options.seed, numRuns }));
  return drawn.flat().slice(0, options.requests);
}

/** Sends requests made from the published contract to the API in this process, and checks every answer against it. */
export async function runApi(options: { requests: number; seed: number }): Promise<Findings> {
  const findings = createFindings();
  const harness = await openHarness();
  const contract = (await harness.app.inject('/openapi.json')).json<Contract>();
  const conforms = createConformance(contract);
  const operations = listOperations(contract);
  const large = operations.filter(({ body }) => body !== null).map(oversized);
  for (const request of [...operations.flatMap(fixedRequestsTo), ...drawRequests(contract, options), ...large]) {
    const before = { calls: harness.storeCalls(), starts: harness.starts() };
    const answer = await ask(harness, request);
    const name = `${request.operation.name}, ${request.kind}`;
    findings.count(`${request.operation.name} ${answer.status}`);
    const wrong = judgeAnswer(answer) ?? conforms(request.operation, answer);
    // A path that was spoiled may lead to another operation, or to none; its answer is judged without the contract.
    if (wrong !== null && !(request.kind === 'path' && judgeAnswer(answer) === null))
      findings.violate(`${name}: ${wrong}`);
    if (request.kind === LATIN_1) findings.count(`Latin-1 ${answer.status}`);
    if (request.kind === LATIN_1 && answer.status < 400) findings.violate(`${name}: taken`);
    if (answer.status >= 400 && harness.starts() !== before.starts) findings.violate(`${name}: refused, and started`);
    if (answer.status === 400 && harness.storeCalls() !== before.calls) findings.violate(`${name}: refused, and asked`);
    if (request.kind !== 'path' && harness.takeLog().includes(MARKER))
      findings.violate(`${name}: the log repeats what was sent`);
    harness.takeLog();
  }
  await harness.app.close();
  return findings;
}

async function ask({ app }: Harness, { operation, url, headers, payload }: ApiRequest): Promise<ApiAnswer> {
  const body = payload === undefined ? {} : { payload };
  const response = await app.inject({ method: operation.method, url, headers: { ...headers }, ...body });
  return { status: response.statusCode, type: String(response.headers['content-type'] ?? ''), body: response.body };
}
