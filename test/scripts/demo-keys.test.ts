import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureDemoKeys, makePayloadKey } from '../../scripts/demo-keys';
import { readPayloadKeys } from '../../src/temporal/payload-keys';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'demo-keys-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const read = (file: string | null) => (file === null ? null : readFileSync(file, 'utf8'));
const payloadKeys = () => path.join(dir, 'payload-keys');

it('makes the keys once, for their owner alone; the payload key is one the product reads', () => {
  const made = ensureDemoKeys(dir);
  expect(made.payloadKeysFile).toBe(payloadKeys());
  const text = read(made.payloadKeysFile) ?? '';
  expect(readPayloadKeys(text).byId.size).toBe(1);
  for (const file of [made.controlKeyFile, made.privateKeyFile, payloadKeys()])
    expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(ensureDemoKeys(dir)).toEqual(made);
  expect(read(made.payloadKeysFile)).toBe(text);
});

it('makes no second payload key when the first is lost', () => {
  ensureDemoKeys(dir);
  rmSync(payloadKeys());
  expect(() => ensureDemoKeys(dir)).toThrow('payload-keys is missing: payouts cannot be read without it');
  expect(existsSync(payloadKeys())).toBe(false);
});

it('goes on where the first run was killed in the middle', () => {
  const { privateKeyFile } = ensureDemoKeys(dir);
  const text = read(payloadKeys());
  rmSync(privateKeyFile);
  expect(read(ensureDemoKeys(dir).payloadKeysFile)).toBe(text);
});

it('names a payload key by its day, and makes another one each time', () => {
  const entries = [1, 2, 3].map(() => makePayloadKey(new Date('2026-11-23T23:59:59Z')));
  for (const entry of entries) expect(readPayloadKeys(entry).activeId).toMatch(/^2026-11-23-[0-9a-f]{4}$/);
  expect(new Set(entries.map((entry) => entry.split(':')[1])).size).toBe(3);
});
