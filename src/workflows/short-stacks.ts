/**
 * The SDK captures and translates a stack for every promise of a workflow. Two frames say where something was thrown and from where that
 * was called; all ten were a fifth of a payout's work in the sandbox. Evaluated once, before the sandbox is frozen.
 */
Error.stackTraceLimit = 2;
