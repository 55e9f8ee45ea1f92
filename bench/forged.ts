import { parseArgs } from 'node:util';
import { describeError } from '../scripts/project';
import { measureLatency } from './forged-latency';
import { measureCpu } from './rejection-cpu';

/** What rejecting one forged callback may cost over a bare route, user and system time together. */
const MOST_CPU_MS = 0.2;
/** How much slower genuine callbacks may be while forged ones pour in. */
const MOST_RATIO = 2;

/** `npm run bench:forged -- [--blocks 6] [--requests 3000] [--seconds 6] [--rate 2000]`: exit code 1 when a target is missed. */
async function main(): Promise<void> {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parseArgs({
    options: { blocks: text('6'), requests: text('3000'), seconds: text('6'), rate: text('2000') },
  });
  const [blocks, requests, seconds, rate] = [values.blocks, values.requests, values.seconds, values.rate].map(Number);
  if (!blocks || !requests || !seconds || !rate) throw new RangeError('expected numbers above zero');

  const cpu = await measureCpu({ blocks, requests });
  console.log(`CPU per request, medians of ${blocks} interleaved blocks of ${requests}, user + system`);
  console.log(`  bare 403            ${cpu.bareMs.toFixed(3)} ms`);
  console.log(`  forged callback     ${cpu.forgedMs.toFixed(3)} ms`);
  console.log(
    `  rejecting costs     ${cpu.extraMs.toFixed(3)} ms (at most ${MOST_CPU_MS}), ratio ${cpu.ratio.toFixed(2)}`,
  );

  const latency = await measureLatency({ blocks, seconds, rate });
  console.log(`genuine callbacks, medians of ${blocks} interleaved blocks of ${seconds} s, real API and Temporal`);
  console.log(`  alone               p50 ${latency.quiet.p50.toFixed(1)} ms, p99 ${latency.quiet.p99.toFixed(1)} ms`);
  console.log(`  forged beside them  p50 ${latency.loud.p50.toFixed(1)} ms, p99 ${latency.loud.p99.toFixed(1)} ms`);
  console.log(`  forged per second   ${Math.round(latency.forgedPerSecond)} of ${rate} asked for`);
  console.log(
    `  ratio               p50 ${latency.ratio.p50.toFixed(2)}, p99 ${latency.ratio.p99.toFixed(2)} (at most ${MOST_RATIO})`,
  );

  console.log(`  not taken           ${latency.refused.quiet} alone, ${latency.refused.loud} beside forged ones`);

  const missed = [
    ...(cpu.extraMs < MOST_CPU_MS ? [] : ['CPU of a rejection']),
    ...(latency.ratio.p50 <= MOST_RATIO ? [] : ['p50 under forged callbacks']),
    ...(latency.ratio.p99 <= MOST_RATIO ? [] : ['p99 under forged callbacks']),
    ...(latency.forgedPerSecond >= 0.9 * rate ? [] : ['the rate of forged callbacks']),
    ...(latency.refused.loud <= latency.refused.quiet ? [] : ['genuine callbacks were not taken']),
  ];
  console.log(missed.length === 0 ? 'PASSED' : `MISSED: ${missed.join(', ')}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(describeError(error));
    process.exit(1);
  },
);
