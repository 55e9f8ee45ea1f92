/** Every generated test starts from this seed, so that no result depends on the day or on luck. `TEST_SEED=7 npx jest …` plays others. */
export const SEED = Number(process.env.TEST_SEED ?? 1);
