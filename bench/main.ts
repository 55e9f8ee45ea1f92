import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { describeError, projectRoot } from '../scripts/project';
import { ABLATION } from './modes/ablation';
import { BATCH } from './modes/batch';
import { GROWTH } from './modes/growth';
import { ISOLATION } from './modes/isolation';
import { LIMITS } from './modes/limits';
import { type Mode, readGiven } from './modes/mode';
import { PEERS } from './modes/peers';
import { RATES } from './modes/rates';
import { RECOVERY } from './modes/recovery';
import { SIZING } from './modes/sizing';

const MODES: Readonly<Record<string, Mode>> = {
  peers: PEERS,
  ablation: ABLATION,
  batch: BATCH,
  isolation: ISOLATION,
  growth: GROWTH,
  recovery: RECOVERY,
  rates: RATES,
  sizing: SIZING,
  limits: LIMITS,
};

function describeUsage(): string {
  const modes = Object.entries(MODES).map(([name, { what, options }]) => {
    const shown = Object.entries(options).map(([option, value]) => `[--${option} ${value || '...'}]`);
    return `npm run bench -- ${name} ${shown.join(' ')}\n  ${what}`;
  });
  return [
    ...modes,
    'Without a name: peers. Results go to bench/results/NAME.json, or to `--out FILE`. Exit code 1 when the product lost a payout or paid one twice.',
  ].join('\n\n');
}

function describeMachine() {
  const [first] = cpus();
  return { cpu: first?.model, cores: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30), node: process.version };
}

async function main(): Promise<void> {
  const [first = '', ...rest] = process.argv.slice(2);
  const isNamed = first !== '' && !first.startsWith('-');
  const name = isNamed ? first : 'peers';
  const mode = MODES[name];
  if (mode === undefined) throw new RangeError(`expected one of ${Object.keys(MODES).join(', ')}`);
  const defaults = { ...mode.options, out: `bench/results/${name}.json` };
  const text = Object.entries(defaults).map(([option, value]) => [option, { type: 'string', default: value }] as const);
  const { values } = parseArgs({
    args: isNamed ? rest : process.argv.slice(2),
    options: { help: { type: 'boolean', default: false }, ...Object.fromEntries(text) },
  });
  const { help, ...options } = values as { help: boolean } & Record<string, string>;
  if (help) return console.log(describeUsage());
  const beganAt = new Date();
  const out = path.resolve(projectRoot, options.out ?? '');
  mkdirSync(path.dirname(out), { recursive: true });
  const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
  const keep = (figures: object): void => {
    const run = { at: beganAt.toISOString(), minutes: Math.round((Date.now() - beganAt.getTime()) / 60_000) };
    writeFileSync(out, `${JSON.stringify({ ...run, machine: describeMachine(), options, ...figures }, null, 1)}\n`);
  };
  const { lines, figures, isSound } = await mode.run(readGiven(options), { say, keep });
  keep(figures);
  console.log([...lines, '', `written: ${path.relative(projectRoot, out)}`].join('\n'));
  if (!isSound) process.exitCode = 1;
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(describeError(error));
    process.exit(1);
  },
);
