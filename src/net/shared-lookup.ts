/** Looks a name up and reports once, as `dns.lookup` does. */
type Lookup<Options, Answer extends readonly unknown[]> = (
  host: string,
  options: Options,
  done: (...answer: Answer) => void,
) => void;

/**
 * Shares the answer among all who ask for a host, with the same options, while it is looked up. Look-ups wait in the few threads of the
 * process: a name server that hangs holds one of them, and not the calls to other hosts.
 */
export function shareLookups<Options, Answer extends readonly unknown[]>(
  lookup: Lookup<Options, Answer>,
): Lookup<Options, Answer> {
  const waiting = new Map<string, ((...answer: Answer) => void)[]>();
  return (host, options, done) => {
    const others = waiting.get(host);
    if (others !== undefined) {
      others.push(done);
      return;
    }
    const all = [done];
    waiting.set(host, all);
    lookup(host, options, (...answer) => {
      waiting.delete(host);
      for (const tell of all) tell(...answer);
    });
  };
}
