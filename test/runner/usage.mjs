// Loaded before the action (`node --import`). Only the process itself can read its own peak exactly: `ru_maxrss` starts from
// the parent's, and after its end /proc is gone. Neither environment nor output is touched; forks and workers do not report.
import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const query = new URL(import.meta.url).searchParams;

if (isMainThread && process.ppid === Number(query.get('parent'))) {
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    const usage = { cpuSeconds: (user + system) / 1e6, maxRssBytes: Number(peak?.[1]) * 1024 };
    writeFileSync(query.get('out'), JSON.stringify(usage));
  });
}
