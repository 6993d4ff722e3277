import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Forbids core files of this process and of whatever it starts: one would put all of its memory on the disk, names included.
 * An installed kiosk's service manager has done so already (`LimitCORE=0`); this holds however the process was started.
 *
 * Node cannot set limits of its own process, `prlimit` (util-linux) can from beside. Where the kernel hands cores to a program, the
 * limit does not count (core(5)): so no kind of memory is to be written into one, whoever gets it. Node's own reports on
 * fatal errors stay off as well, whatever the environment says.
 *
 * @returns whether the limit is 0 now. If not, a core can arise, and holds no memory unless the kernel refused that too.
 */
export function forbidCoreFiles(): boolean {
  Object.assign(process.report, { reportOnFatalError: false, reportOnUncaughtException: false });
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // A kernel without it: the limit is all there is.
  }
  if (noneAllowed()) return true;
  spawnSync('prlimit', ['--pid', String(process.pid), '--core=0:0'], { stdio: 'ignore' });
  return noneAllowed();
}

function noneAllowed(): boolean {
  try {
    return /^Max core file size +0 +0 /m.test(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return false;
  }
}
