/** The middle of the numbers; of an even count, the mean of the two in the middle. @throws RangeError when there are none */
export function median(numbers: readonly number[]): number {
  const lower = -quantile(
    numbers.map((value) => -value),
    0.5,
  );
  return (lower + quantile(numbers, 0.5)) / 2;
}

/** The number below which the given share of them lies. @throws RangeError when there are none */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  if (value === undefined) throw new RangeError('expected at least one number');
  return value;
}
