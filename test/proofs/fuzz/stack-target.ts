import { readFileSync } from 'node:fs';
import type { Stack } from '../../support/stack';
import type { Caller } from './harness';
import type { Target } from './wire-run';

/** A stack's API as a target. @throws when its control key stands in no file */
export function readTarget(stack: Pick<Stack, 'addresses' | 'environment'>, caller: Caller): Target {
  const { GATEWAY_CONTROL_KEY_FILE: file = '' } = stack.environment.api;
  const controlKey = readFileSync(file, 'utf8').trim();
  return { port: stack.addresses.api, controlKey, caller };
}
