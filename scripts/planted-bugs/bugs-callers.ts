import type { PlantedBug } from './planted-bug';

/** Bugs at the door of the API: who gets in, with what rights, and how often. */
export const CALLER_BUGS: readonly PlantedBug[] = [
  {
    id: 'key-not-needed',
    promise: 'never pay twice',
    rule: 'A start needs a key.',
    planted: 'whoever has none is `local`',
    file: 'src/api/access.ts',
    find: 'const hasKeys = settings.apiKeys.length > 0;',
    replace: 'const hasKeys = settings.apiKeys.length > 99;',
    tests: ['test/api/access.test.ts'],
  },
  {
    id: 'route-open-by-default',
    promise: 'never pay twice',
    rule: 'A route that does not say who may use it stops the start.',
    planted: 'it starts',
    file: 'src/api/access.ts',
    find: 'if (silent.length === 0) return;',
    replace: 'if (silent.length < 99) return;',
    tests: ['test/api/access.test.ts'],
  },
  {
    id: 'json-name-twice',
    promise: 'never pay twice',
    rule: 'A body in which a name stands twice is refused.',
    planted: 'the last one counts',
    file: 'src/api/app.ts',
    find: 'if (error !== null || !hasRepeatedName(body)) return done(error, value);',
    replace: 'if (error !== null || !hasRepeatedName(body) || value !== null) return done(error, value);',
    tests: ['test/api/routes/payouts.test.ts'],
  },
];
