import type { PlantedBug } from './planted-bug';

const CODEC = 'src/temporal/payload-codec.ts';
const CODEC_TESTS = ['test/temporal/payload-codec.test.ts'] as const;

/** Bugs around the encryption of what Temporal stores. */
export const PAYLOAD_BUGS: readonly PlantedBug[] = [
  {
    id: 'plaintext-taken',
    promise: 'never report a wrong final status',
    rule: 'Once there are keys, a payload in clear is refused.',
    planted: 'it is taken as it is',
    file: CODEC,
    find: "throw new PayloadRefused('a payload is not encrypted');",
    replace: 'return payload;',
    tests: CODEC_TESTS,
  },
  {
    id: 'payload-of-another-payout',
    promise: 'never report a wrong final status',
    rule: 'A payload is opened only in the workflow it was sealed to.',
    planted: 'in any workflow',
    file: CODEC,
    find: 'if (owner !== null && !sealedTo.equals(owner))',
    replace: 'if (owner !== null && sealedTo.length === 0)',
    tests: CODEC_TESTS,
  },
  {
    id: 'any-failed-send-unsent',
    promise: 'never pay twice',
    rule: 'Only a send whose request could not be decrypted failed before it began; of any other failure it is not known.',
    planted: 'every failed send counts as not sent',
    file: 'src/domain/apply-evidence.ts',
    find: 'if (failureType === PAYLOAD_REFUSED) return',
    replace: "if (typeof failureType === 'string') return",
    tests: ['test/domain/apply-evidence.test.ts', 'test/store/recorded.test.ts'],
  },
  {
    id: 'sealing-refused-as-unopened',
    promise: 'never pay twice',
    rule: 'A result that could not be sealed is no refused payload: what it tells of may have been sent.',
    planted: 'both fail alike',
    file: CODEC,
    find: "throw new Error('expected an owner to seal a payload to');",
    replace: "throw new PayloadRefused('expected an owner to seal a payload to');",
    tests: CODEC_TESTS,
  },
];
