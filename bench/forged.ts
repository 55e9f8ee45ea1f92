import { parseArgs } from 'node:util';
import { describeError } from '../scripts/project';
import { measureLatency, type SideFigures } from './forged-latency';
import { canPin } from './pinning';
import { type Cost, measureCpu } from './rejection-cpu';

/** What rejecting one forged callback may cost over a bare route, user and system time together. */
const MOST_CPU_MS = 0.2;
/** How much slower genuine callbacks may be while forged ones pour in. */
const MOST_RATIO = 2;

/**
 * `npm run bench:forged -- [--blocks 6] [--requests 3000] [--seconds 6] [--rate 2000] [--bursts] [--shared-cores]`: exit code 1 when a
 * target is missed. Where it can, the API has a core of its own, alone and under the flood alike: in earnest neither flood nor Temporal
 * runs on it. `--shared-cores` leaves all processes to all cores; `--bursts` sends the forged callbacks of each second at its beginning.
 */
async function main(): Promise<void> {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parseArgs({
    options: {
      ...{ blocks: text('6'), requests: text('3000'), seconds: text('6'), rate: text('2000') },
      bursts: { type: 'boolean', default: false },
      'shared-cores': { type: 'boolean', default: false },
    },
  });
  const [blocks, requests, seconds, rate] = [values.blocks, values.requests, values.seconds, values.rate].map(Number);
  if (!blocks || !requests || !seconds || !rate) throw new RangeError('expected numbers above zero');

  const cpu = await measureCpu({ blocks, requests });
  console.log(`CPU per request, medians of ${blocks} interleaved blocks of ${requests}, user + system`);
  console.log(`  bare 403            ${cpu.bareMs.toFixed(3)} ms`);
  console.log(`  forged, refused     ${describeCost(cpu.refused)}`);
  console.log(`  forged, held up     ${describeCost(cpu.heldUp)}`);

  const isPinned = !values['shared-cores'] && canPin();
  const latency = await measureLatency({ blocks, seconds, rate, isBursty: values.bursts, isPinned });
  const { quiet, loud, ratio, forgedPerSecond, apiMsPerForged } = latency;
  console.log(`genuine callbacks, medians of ${blocks} interleaved blocks of ${seconds} s, real API and Temporal`);
  console.log(
    isPinned
      ? '  in both: core 0 is the API’s, core 1 is shared by Temporal, this program and the flood, which gives way'
      : '  in both: all processes share all cores; the flood gives way',
  );
  console.log(`  alone               ${describeLatency(quiet)}`);
  console.log(`  forged beside them  ${describeLatency(loud)}`);
  console.log(
    `  forged per second   ${Math.round(forgedPerSecond)} of ${rate} asked for, ${values.bursts ? 'all at its beginning' : 'spread over it'}`,
  );
  console.log(`  ratio               p50 ${ratio.p50.toFixed(2)}, p99 ${ratio.p99.toFixed(2)} (at most ${MOST_RATIO})`);
  console.log(`  not taken           ${quiet.notTaken} alone, ${loud.notTaken} beside forged ones`);
  console.log(`  API per forged one  ${apiMsPerForged.toFixed(3)} ms of CPU, sockets and all`);
  console.log(`  busy, alone         ${describeBusy(quiet)}`);
  console.log(`  busy, with forged   ${describeBusy(loud)}`);

  const missed = [
    ...([cpu.refused, cpu.heldUp].every(({ extraMs }) => extraMs < MOST_CPU_MS) ? [] : ['CPU of a rejection']),
    ...(ratio.p50 <= MOST_RATIO ? [] : ['p50 under forged callbacks']),
    ...(ratio.p99 <= MOST_RATIO ? [] : ['p99 under forged callbacks']),
    ...(forgedPerSecond >= 0.9 * rate ? [] : ['the rate of forged callbacks']),
    ...(loud.notTaken <= quiet.notTaken ? [] : ['genuine callbacks were not taken']),
  ];
  console.log(missed.length === 0 ? 'PASSED' : `MISSED: ${missed.join(', ')}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

function describeCost({ ms, extraMs, ratio }: Cost): string {
  return `${ms.toFixed(3)} ms: ${extraMs.toFixed(3)} more than bare (at most ${MOST_CPU_MS}), ratio ${ratio.toFixed(2)}`;
}

function describeLatency({ p50, p99 }: SideFigures): string {
  return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
}

/** Shares of a core; of a whole core everything on the machine counts, whoever it belongs to. */
function describeBusy({ processes, cores }: SideFigures): string {
  const percent = (share: number) => (Number.isNaN(share) ? 'unknown' : `${Math.round(100 * share)} %`);
  const each = Object.entries(processes).map(([name, share]) => `${name} ${percent(share)}`);
  return [...each, ...cores.map((share, nth) => `core ${nth} ${percent(share)}`)].join(', ');
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(describeError(error));
    process.exit(1);
  },
);
