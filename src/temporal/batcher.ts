interface Waiting<Order, Answer> {
  readonly order: Order;
  readonly take: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Combines orders to the same place into one call: orders that come while a call is under way go with the next. At an idle place an
 * order does not wait. A call that fails fails for all of its orders.
 */
export function createBatcher<Order, Answer>(options: {
  readonly run: (place: string, orders: readonly Order[]) => Promise<readonly Answer[]>;
  readonly most: number;
}): (place: string, order: Order) => Promise<Answer> {
  const { run, most } = options;
  const waiting = new Map<string, Waiting<Order, Answer>[]>();

  async function work(place: string, queue: Waiting<Order, Answer>[]): Promise<void> {
    while (queue.length > 0) {
      // What comes in the same turn goes with the first.
      await new Promise(setImmediate);
      const batch = queue.splice(0, most);
      try {
        const answers = await run(
          place,
          batch.map(({ order }) => order),
        );
        if (answers.length !== batch.length) throw new Error('expected an answer to each order');
        for (const [at, { take }] of batch.entries()) take(answers[at] as Answer);
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    waiting.delete(place);
  }

  return (place, order) =>
    new Promise<Answer>((take, fail) => {
      const queue = waiting.get(place);
      const entry = { order, take, fail };
      if (queue !== undefined) return void queue.push(entry);
      const begun = [entry];
      waiting.set(place, begun);
      void work(place, begun);
    });
}
