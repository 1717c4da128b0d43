import { asObject, asString } from '../json.ts';

/** What a container has used. Bytes, and seconds of one CPU. */
export interface Resources {
  /** The most since its last start. */
  readonly memoryPeakBytes?: number;
  readonly memoryBytes?: number;
  readonly cpuSeconds?: number;
  readonly processes?: number;
  /** Processes that the kernel killed since memory ran out. */
  readonly oomKills?: number;
  /** Where the figures are from; why there are none. */
  readonly source: string;
}

/** Files of the kernel's control groups that tell what a container has used, and how they are read. */
interface Gauge {
  readonly controller: string;
  readonly file: string;
  readonly read: (text: string) => Partial<Resources>;
}

/** Version 1 has a hierarchy for each controller (kernel, Documentation/admin-guide/cgroup-v1). */
const gaugesV1: readonly Gauge[] = [
  {
    controller: 'memory',
    file: 'memory.max_usage_in_bytes',
    read: (text) => figure('memoryPeakBytes', text),
  },
  { controller: 'memory', file: 'memory.usage_in_bytes', read: (text) => figure('memoryBytes', text) },
  {
    controller: 'memory',
    file: 'memory.oom_control',
    read: (text) => figure('oomKills', field(text, 'oom_kill')),
  },
  { controller: 'cpuacct', file: 'cpuacct.usage', read: (text) => figure('cpuSeconds', text, 1e9) },
  { controller: 'pids', file: 'pids.current', read: (text) => figure('processes', text) },
];

/** Version 2 has one hierarchy (kernel, Documentation/admin-guide/cgroup-v2); `memory.peak` is there since Linux 5.19. */
const gaugesV2: readonly Gauge[] = [
  { controller: '', file: 'memory.peak', read: (text) => figure('memoryPeakBytes', text) },
  { controller: '', file: 'memory.current', read: (text) => figure('memoryBytes', text) },
  { controller: '', file: 'memory.events', read: (text) => figure('oomKills', field(text, 'oom_kill')) },
  { controller: '', file: 'cpu.stat', read: (text) => figure('cpuSeconds', field(text, 'usage_usec'), 1e6) },
  { controller: '', file: 'pids.current', read: (text) => figure('processes', text) },
];

/**
 * The gauges of a container on this machine, by path: from `/proc/<pid>/cgroup` of its first process. None where that is
 * not in the container's own group: the engine runs elsewhere then, and the ID is of another process.
 */
export function gauges(cgroup: string, container: string): readonly { path: string; read: Gauge['read'] }[] {
  const groups = new Map(
    cgroup.split('\n').flatMap((line) => {
      const [, controllers = '', group = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      const own = group.includes(container) && !group.includes('..');
      return own ? controllers.split(',').map((controller) => [controller, group] as const) : [];
    }),
  );
  const versionOne = groups.has('memory') || groups.has('cpuacct');
  return (versionOne ? gaugesV1 : gaugesV2).flatMap(({ controller, file, read }) => {
    const group = groups.get(controller);
    const root = versionOne ? `/sys/fs/cgroup/${controller}` : '/sys/fs/cgroup';
    return group === undefined ? [] : [{ path: `${root}${group}/${file}`, read }];
  });
}

function field(text: string, name: string): string {
  return new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? '';
}

function figure(name: keyof Resources, text: string, divisor = 1): Partial<Resources> {
  return /^\d+$/.test(text.trim()) ? { [name]: Number(text) / divisor } : {};
}

/** What one line of `docker stats` tells; it knows no peak. */
export function statsResources(line: string): Partial<Resources> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return {};
  }
  const { MemUsage, PIDs } = asObject(json) ?? {};
  const [, value = '', unit = ''] = /^([\d.]+)([KMGT]iB|B) /.exec(asString(MemUsage) ?? '') ?? [];
  const power = ['B', 'KiB', 'MiB', 'GiB', 'TiB'].indexOf(unit);
  const memory = power < 0 ? {} : { memoryBytes: Math.round(Number(value) * 1024 ** power) };
  return { ...memory, ...figure('processes', asString(PIDs) ?? '') };
}
