/** The part of the package that is used here; it ships no types. */
declare module 'autocannon' {
  interface Options {
    readonly url: string;
    readonly connections: number;
    /** In seconds. */
    readonly duration: number;
    /** Requests per second, all connections together. */
    readonly overallRate: number;
    readonly requests: readonly { readonly method: 'GET'; readonly path: string }[];
  }

  interface Result {
    readonly '4xx': number;
    /** In seconds. */
    readonly duration: number;
  }

  export default function autocannon(options: Options): Promise<Result>;
}
