/** Maps in order with at most `width` at work at a time. @throws what the first failure threw; nothing new is begun after it */
export async function mapBounded<From, To>(
  values: readonly From[],
  width: number,
  map: (value: From) => Promise<To>,
): Promise<To[]> {
  const results: To[] = [];
  let hasFailed = false;
  const waiting = values.entries();
  const work = async () => {
    for (const [at, value] of waiting) {
      if (hasFailed) return;
      try {
        results[at] = await map(value);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, values.length) }, work));
  return results;
}
