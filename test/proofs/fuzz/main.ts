import { startStack } from '../../support/stack';
import { drawSeed, readNumbers, runCommand } from '../command';
import { runApi } from './api-run';
import { runCallbacks } from './callback-run';
import { type Findings, renderFindings } from './findings';
import { runPolicies } from './policies-run';
import { runReplies } from './reply-run';
import { readTarget, runWire } from './wire-run';

/** All of it: in this process, then against the real processes. Prints the figures; exit code 1 on any violation. */
runCommand(async () => {
  const { seed, forged, hostile, api, policies, replies, wire } = readNumbers('fuzz', {
    seed: [drawSeed(), 0],
    forged: [100_000, 0],
    hostile: [20_000, 0],
    api: [20_000, 0],
    policies: [20_000, 0],
    // 0: every mutation there is.
    replies: [20_000, 0],
    wire: [10_000, 0],
  });
  console.log(`seed ${seed}`);
  const rounds: readonly (readonly [string, () => Promise<Findings>])[] = [
    ['callback route, in process', () => runCallbacks({ forged, hostile, tolerated: hostile, seed })],
    ['API, in process', () => runApi({ requests: api, seed })],
    ['files of policies', async () => runPolicies({ files: policies, seed })],
    ["the gateway's replies", () => runReplies({ mutations: replies === 0 ? 'all' : replies, seed })],
    ['the real processes', () => runOnWire(wire, seed)],
  ];
  let violations = 0;
  for (const [title, run] of rounds) {
    const beganAtMs = performance.now();
    const findings = await run();
    for (const line of renderFindings(title, findings)) console.log(line);
    const megabytes = Math.round(process.memoryUsage().rss / 1_048_576);
    console.log(`  ${Math.round((performance.now() - beganAtMs) / 1_000)} s, resident ${megabytes} MB`);
    violations += findings.violations.length;
  }
  console.log(violations === 0 ? 'PASSED' : `FAILED: ${violations} violations`);
  return violations === 0 ? 0 : 1;
});

async function runOnWire(requests: number, seed: number): Promise<Findings> {
  const stack = await startStack({ temporal: 'shared' });
  try {
    return await runWire(readTarget(stack), { requests, idleConnections: 1_000, noise: 500, seed });
  } finally {
    await stack.stop();
  }
}
