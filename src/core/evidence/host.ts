import { asArray, asObject } from '../json.ts';
import { amount } from './amount.ts';
import { number, text } from './json.ts';
import type { Listener } from './sockets.ts';

/** Space on the file system of a folder. Bytes, and files that can still be made. */
export interface Disk {
  readonly path: string;
  readonly totalBytes: number;
  /** For this user. */
  readonly availableBytes: number;
  readonly totalFiles: number;
  readonly availableFiles: number;
}

export interface Memory {
  readonly totalBytes: number;
  readonly availableBytes: number;
  readonly swapTotalBytes: number;
  readonly swapFreeBytes: number;
}

/** What the kernel tells of processes that it killed since memory ran out; why it cannot be read, where it cannot. */
export interface KernelLog {
  readonly lines: readonly string[];
  readonly unreadable?: string;
}

/** `dmesg` counts from the boot of the machine, and that clock drifts. Milliseconds. */
const drift = 60_000;

/** Without the lines from before a moment (milliseconds since 1970): on a machine that lives on they tell of other jobs. */
export function sinceThen(log: KernelLog, moment: number): KernelLog {
  const lines = log.lines.filter((line) => {
    const at = Date.parse((line.split(' ')[0] ?? '').replace(',', '.'));
    return Number.isNaN(at) || at >= moment - drift;
  });
  return { ...log, lines };
}

/** The machine the job ran on, at the end of the run. */
export interface HostFacts {
  readonly kernel: string;
  readonly architecture: string;
  readonly cpus: number;
  readonly cpuModel: string;
  /** Processes that wanted a CPU, on average of 1, 5 and 15 minutes. */
  readonly load: readonly number[];
  readonly memory?: Memory;
  readonly disks: readonly Disk[];
  readonly outOfMemory: KernelLog;
  readonly listeners: readonly Listener[];
}

/** What the engine says of itself. */
export interface EngineFacts {
  readonly client: string;
  readonly server: string;
  readonly api: string;
  readonly components: readonly { readonly name: string; readonly version: string }[];
  readonly system: string;
  readonly kernel: string;
  readonly architecture: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly storageDriver: string;
  readonly loggingDriver: string;
  readonly cgroupVersion: string;
  readonly cgroupDriver: string;
  readonly rootFolder: string;
  readonly runningContainers: number;
  readonly containers: number;
  readonly warnings: readonly string[];
}

/** Reads `/proc/meminfo`, which counts in KiB. */
export function memoryFacts(meminfo: string): Memory | undefined {
  const field = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(meminfo)?.[1]) * 1024;
  const memory = {
    totalBytes: field('MemTotal'),
    availableBytes: field('MemAvailable'),
    swapTotalBytes: field('SwapTotal'),
    swapFreeBytes: field('SwapFree'),
  };
  return Object.values(memory).some(Number.isNaN) ? undefined : memory;
}

/** Reads `/proc/loadavg`. */
export function loadFacts(loadavg: string): readonly number[] {
  const figures = loadavg.split(' ').slice(0, 3).map(Number);
  return figures.length === 3 && figures.every(Number.isFinite) ? figures : [];
}

/** Reads `docker version` and `docker info` in JSON; undefined where the engine did not answer. */
export function engineFacts(version: unknown, info: unknown): EngineFacts | undefined {
  const server = asObject(asObject(version)?.['Server']);
  const about = asObject(info) ?? {};
  if (server === undefined) return undefined;
  return {
    client: text(asObject(asObject(version)?.['Client'])?.['Version']),
    server: text(server['Version']),
    api: text(server['ApiVersion']),
    components: asArray(server['Components']).map((each) => {
      const { Name, Version } = asObject(each) ?? {};
      return { name: text(Name), version: text(Version) };
    }),
    system: text(about['OperatingSystem']),
    kernel: text(about['KernelVersion']),
    architecture: text(about['Architecture']),
    cpus: number(about['NCPU']),
    memoryBytes: number(about['MemTotal']),
    storageDriver: text(about['Driver']),
    loggingDriver: text(about['LoggingDriver']),
    cgroupVersion: text(about['CgroupVersion']),
    cgroupDriver: text(about['CgroupDriver']),
    rootFolder: text(about['DockerRootDir']),
    runningContainers: number(about['ContainersRunning']),
    containers: number(about['Containers']),
    warnings: asArray(about['Warnings']).map(text),
  };
}

/** Lines of the kernel's log that are about memory that ran out. */
export const outOfMemoryLine = /out of memory|oom-kill|oom_reaper|killed process/i;

/** The machine and the engine for a person. */
export function renderHost(host: HostFacts, engine: EngineFacts | undefined): string {
  const { memory, outOfMemory } = host;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Machine', machineLines(host)],
    ['Memory', memory === undefined ? ['unknown'] : memoryLines(memory)],
    ['Disks', host.disks.map(diskLine)],
    ['Docker Engine', engine === undefined ? ['does not answer'] : engineLines(engine)],
    ['Kernel: memory that ran out', outOfMemoryLines(outOfMemory)],
    ['Listening TCP ports', host.listeners.map(listenerLine)],
  ];
  return sections
    .map(([title, lines]) => [`${title}:`, ...lines.map((line) => `  ${line}`), ''].join('\n'))
    .join('\n');
}

function machineLines({ kernel, architecture, cpus, cpuModel, load }: HostFacts): readonly string[] {
  return [
    `kernel ${kernel}, ${architecture}`,
    `${cpus} CPUs${cpuModel === '' ? '' : `, ${cpuModel}`}`,
    `load ${load.length === 0 ? 'unknown' : `${load.join(' ')} (averages of 1, 5 and 15 minutes)`}`,
  ];
}

function memoryLines(memory: Memory): readonly string[] {
  const { totalBytes, availableBytes, swapTotalBytes, swapFreeBytes } = memory;
  return [
    `${amount(availableBytes)} of ${amount(totalBytes)} available`,
    `swap: ${amount(swapFreeBytes)} of ${amount(swapTotalBytes)} free`,
  ];
}

function diskLine({ path, totalBytes, availableBytes, totalFiles, availableFiles }: Disk): string {
  const files = totalFiles === 0 ? '' : `, room for ${availableFiles} of ${totalFiles} files`;
  return `${path}: ${amount(availableBytes)} of ${amount(totalBytes)} available${files}`;
}

function engineLines(engine: EngineFacts): readonly string[] {
  const components = engine.components.map(({ name, version }) => `${name} ${version}`);
  return [
    `server ${engine.server} (API ${engine.api}), client ${engine.client}`,
    ...(components.length === 0 ? [] : [components.join(', ')]),
    `${engine.system}, kernel ${engine.kernel}, ${engine.architecture}, ${engine.cpus} CPUs, ${amount(engine.memoryBytes)} memory`,
    `storage ${engine.storageDriver}, logs ${engine.loggingDriver}, cgroup v${engine.cgroupVersion} (${engine.cgroupDriver})`,
    `${engine.runningContainers} of ${engine.containers} containers running`,
    ...engine.warnings,
  ];
}

function outOfMemoryLines({ lines, unreadable }: KernelLog): readonly string[] {
  if (unreadable !== undefined) return [`unknown, the kernel’s log cannot be read: ${unreadable}`];
  return lines.length === 0 ? ['none'] : lines;
}

function listenerLine({ address, port, process }: Listener): string {
  const where = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  return `${where}  ${process === undefined ? 'owner unknown' : `${process.name}, process ${process.pid}`}`;
}
