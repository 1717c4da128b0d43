import type { EngineFacts, HostFacts } from '../../src/core/evidence/host.ts';

const gibibyte = 1024 ** 3;

/** A machine such as GitHub's. */
export const host: HostFacts = {
  kernel: '6.8.0-1021-azure',
  architecture: 'x64',
  cpus: 4,
  cpuModel: 'AMD EPYC 7763',
  load: [1.5, 0.7, 0.2],
  memory: {
    totalBytes: 16 * gibibyte,
    availableBytes: gibibyte,
    swapTotalBytes: 4 * gibibyte,
    swapFreeBytes: 0,
  },
  disks: [
    {
      path: '/',
      totalBytes: 72 * gibibyte,
      availableBytes: 10 * gibibyte,
      totalFiles: 200,
      availableFiles: 100,
    },
    { path: '/mnt', totalBytes: 2 * gibibyte, availableBytes: gibibyte, totalFiles: 0, availableFiles: 0 },
  ],
  outOfMemory: { lines: ['Out of memory: Killed process 77 (java)'] },
  listeners: [
    { address: '127.0.0.1', port: 5432, process: { name: 'postgres', pid: 12 } },
    { address: '::', port: 22 },
  ],
};

const facts: EngineFacts = {
  client: '28.2.2',
  server: '28.5.2',
  api: '1.51',
  components: [
    { name: 'Engine', version: '28.5.2' },
    { name: 'containerd', version: '2.1.9' },
  ],
  system: 'Ubuntu 24.04',
  kernel: '6.8.0',
  architecture: 'x86_64',
  cpus: 4,
  memoryBytes: 16 * gibibyte,
  storageDriver: 'overlay2',
  loggingDriver: 'json-file',
  cgroupVersion: '2',
  cgroupDriver: 'systemd',
  rootFolder: '/var/lib/docker',
  runningContainers: 4,
  containers: 7,
  warnings: ['WARNING: No swap limit support'],
};

/** As `docker version` and `docker info` write JSON, and what is kept of it. */
export const aboutEngine = {
  version: {
    Client: { Version: '28.2.2', Context: 'default' },
    Server: {
      Version: '28.5.2',
      ApiVersion: '1.51',
      Components: [
        { Name: 'Engine', Version: '28.5.2', Details: { KernelVersion: '6.8.0' } },
        { Name: 'containerd', Version: '2.1.9' },
      ],
    },
  },
  info: {
    OperatingSystem: 'Ubuntu 24.04',
    KernelVersion: '6.8.0',
    Architecture: 'x86_64',
    NCPU: 4,
    MemTotal: 16 * gibibyte,
    Driver: 'overlay2',
    LoggingDriver: 'json-file',
    CgroupVersion: '2',
    CgroupDriver: 'systemd',
    DockerRootDir: '/var/lib/docker',
    ContainersRunning: 4,
    Containers: 7,
    Warnings: ['WARNING: No swap limit support'],
    RegistryConfig: { Mirrors: ['http://user:password@localhost'] },
  },
  facts,
};
