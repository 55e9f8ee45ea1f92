import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findFreePort } from '../../../scripts/ports';
import { projectRoot } from '../../../scripts/project';
import type { Stack } from '../../support/stack';
import { startPrometheus } from './prometheus';

export const DEPLOYED = path.join(projectRoot, 'deploy', 'prometheus');

/** The rules with windows of seconds, and thresholds that a few seconds and a few payouts reach. */
function shorten(rules: string): string {
  return rules
    .replaceAll(/\[\d+m\]/g, '[20s]')
    .replaceAll(/for: \d+m/g, 'for: 1s')
    .replace('> 86400', '> 5')
    .replace('> 300', '> 40')
    .replace('> 100', '> 0');
}

export type Watch = Awaited<ReturnType<typeof watchStack>>;

/**
 * A Prometheus with the configuration and the rules of `deploy`, shortened, that scrapes API and worker of a stack every second, and
 * workers that come later at `others`. It writes into the folder of the stack: stop it before the stack.
 */
export async function watchStack(stack: Stack, others: readonly string[] = []) {
  const folder = path.join(stack.dir, 'prometheus');
  mkdirSync(folder, { recursive: true });
  const config = path.join(folder, 'prometheus.yml');
  const workers = [stack.metrics?.worker ?? '', ...others].map((address) => `"${address}"`);
  writeFileSync(path.join(folder, 'alerts.yml'), shorten(readFileSync(path.join(DEPLOYED, 'alerts.yml'), 'utf8')));
  writeFileSync(
    config,
    readFileSync(path.join(DEPLOYED, 'prometheus.yml'), 'utf8')
      .replaceAll('15s', '1s')
      .replace('127.0.0.1:9463', stack.metrics?.api ?? '')
      .replace('"127.0.0.1:9464"', workers.join(', ')),
  );
  const prometheus = startPrometheus({ folder, config, port: await findFreePort([], new Set()) });
  try {
    await stack.waitFor('Prometheus to read both', async () => {
      const names = await prometheus.metrics();
      return names.includes('gateway_breaker_open') && names.includes('counts_age_seconds');
    });
    return prometheus;
  } catch (error) {
    await prometheus.stop();
    throw error;
  }
}
