import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Identifies a process for good: the system reuses pids. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the system writes it, for comparison only; null where it is not known. */
  readonly startedAt: string | null;
}

/** The fields of `/proc/PID/stat` from the third on: state, parent, and so on. */
function readFields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command name, in brackets, may itself hold spaces and brackets: count from its end.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function readStartOnLinux(pid: number): string | null {
  const fields = readFields(pid);
  if (fields[0] === 'Z') return null;
  // Start times are counted from boot, so that they repeat after a reboot.
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot}:${fields[19]}`;
}

/** The same words in every terminal: the start is compared as text. */
const PS_ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };

function askPs(pid: number, column: string): string | null {
  const options = { encoding: 'utf8', env: PS_ENVIRONMENT } as const;
  return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], options).trim() || null;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Windows has no `ps`, and PowerShell is slow: it is asked only about a process that exists. */
function readStartOnWindows(pid: number): string | null {
  if (!exists(pid)) return null;
  const script = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
  const args = ['-NoProfile', '-NonInteractive', '-Command', script];
  const options = { encoding: 'utf8', windowsHide: true, stdio: 'pipe' } as const;
  return execFileSync('powershell.exe', args, options).trim() || null;
}

/** The parent of a process; null when it is gone or unknown. */
export function readParent(pid: number): number | null {
  try {
    return Number(process.platform === 'linux' ? readFields(pid)[1] : askPs(pid, 'ppid')) || null;
  } catch {
    return null;
  }
}

/** The name of its program, without a path; null when it is gone or unknown. */
export function readProcessName(pid: number): string | null {
  try {
    const name = process.platform === 'linux' ? readFileSync(`/proc/${pid}/comm`, 'utf8').trim() : askPs(pid, 'comm');
    return name?.replace(/^.*\//, '') ?? null;
  } catch {
    return null;
  }
}

/** When the process started; null when it is gone, a zombie, or unknown. */
export function readProcessStart(pid: number): string | null {
  try {
    if (process.platform === 'linux') return readStartOnLinux(pid);
    if (process.platform === 'win32') return readStartOnWindows(pid);
    return askPs(pid, 'lstart');
  } catch {
    return null;
  }
}

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startedAt: readProcessStart(pid) };
}

/** Whether this process still runs; another one with its pid does not count. */
export function isStillRunning(identity: ProcessIdentity): boolean {
  return identity.startedAt !== null && readProcessStart(identity.pid) === identity.startedAt;
}

const PARENT_INTERVAL_MS = 500;
const SHELLS = /^-?(sh|dash|ash|bash|ksh|zsh|busybox)$/;

/**
 * Calls back once when the command that runs us is gone: on SIGTERM `npm` ends its shell and sends us nothing. Only under a package
 * manager; a process in the background is left alone. Not on Windows, where to ask takes too long to
 * do it twice a second.
 */
export function onParentGone(callback: () => void, environment: NodeJS.ProcessEnv = process.env): void {
  if (environment.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const above = SHELLS.test(readProcessName(parent) ?? '') ? readParent(parent) : null;
  const watched = [parent, ...(above === null ? [] : [above])].map(identifyProcess);
  const timer = setInterval(() => {
    if (process.ppid === parent && watched.every(isStillRunning)) return;
    clearInterval(timer);
    callback();
  }, PARENT_INTERVAL_MS);
  timer.unref();
}
