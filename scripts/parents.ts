import { identifyProcess, isStillRunning, readParent, readProcessName } from './process-identity';

const INTERVAL_MS = 500;
const SHELLS = /^-?(sh|dash|ash|bash|ksh|zsh|busybox)$/;

/**
 * Calls back once when the command that runs us is gone. `npm` ends its shell on SIGTERM, and neither tells us: without this the
 * process would stay behind. Only under a package manager; a process that was put in the background stays.
 */
export function onParentGone(callback: () => void, environment: NodeJS.ProcessEnv = process.env): void {
  if (environment.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const above = SHELLS.test(readProcessName(parent) ?? '') ? readParent(parent) : null;
  const watched = [parent, ...(above === null ? [] : [above])].map(identifyProcess);
  const timer = setInterval(() => {
    if (process.ppid === parent && watched.every(isStillRunning)) return;
    clearInterval(timer);
    callback();
  }, INTERVAL_MS);
  timer.unref();
}
