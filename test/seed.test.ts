import fc from 'fast-check';
import { SEED } from './support/seed';

test('properties are drawn from the fixed seed', () => {
  expect(fc.readConfigureGlobal().seed).toBe(SEED);
  const draw = () => {
    const drawn: number[] = [];
    fc.assert(fc.property(fc.nat(), (value) => drawn.push(value) > 0));
    return drawn;
  };
  expect(draw()).toEqual(draw());
});
