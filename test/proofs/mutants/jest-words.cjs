// Jest loads the tests anew for each mutant, which takes seconds; Mocha loads them once and runs them against one mutant after another.
// This gives Mocha the words of Jest, from Jest's own packages.
const { expect } = require('expect');
const { bind } = require('jest-each');
const { ModuleMocker } = require('jest-mock');
const { interfaces } = require('mocha');
const { fromFixedSeed } = require('../../support/properties.ts');

const mocker = new ModuleMocker(globalThis);
const jest = { fn: mocker.fn.bind(mocker), spyOn: mocker.spyOn.bind(mocker) };

const { bdd } = interfaces;
interfaces.bdd = (suite) => {
  bdd(suite);
  suite.afterAll(runWithoutReload);
  suite.on('pre-require', (context) => {
    const { describe, it, before, after } = context;
    it.each = bind(it);
    describe.each = bind(describe, false);
    Object.assign(context, { expect, jest, test: it, beforeAll: before, afterAll: after });
  });
};

/** A mutant that both a test and the loading of the files cover is run by its tests alone: else a process starts for each. */
function runWithoutReload() {
  const { static: atLoad, perTest } = globalThis.__stryker__?.mutantCoverage ?? { static: {}, perTest: {} };
  for (const covered of Object.values(perTest)) for (const id of Object.keys(covered)) delete atLoad[id];
}

const fastCheck = require('fast-check');
require.cache[require.resolve('fast-check')].exports = fromFixedSeed(fastCheck);
