const whole = {
  Id: 'c0ffee',
  Created: '2026-01-02T03:04:05.123456789Z',
  Path: '/entry.sh',
  Args: ['serve', 'hunter2'],
  State: {
    Status: 'exited',
    OOMKilled: true,
    Pid: 0,
    ExitCode: 137,
    Error: '',
    StartedAt: '2026-01-02T03:04:06Z',
    FinishedAt: '2026-01-02T03:04:09Z',
    Health: {
      Status: 'unhealthy',
      FailingStreak: 3,
      Log: [{ Start: '2026-01-02T03:04:07Z', End: '2026-01-02T03:04:08Z', ExitCode: 1, Output: 'refused\n' }],
    },
  },
  Image: 'sha256:beef',
  LogPath: '/var/lib/docker/containers/c0ffee/c0ffee-json.log',
  Name: '/p-ledger-1',
  RestartCount: 2,
  HostConfig: {
    Binds: ['/home/me/init:/init:ro'],
    LogConfig: { Type: 'json-file', Config: { tag: 'hunter2' } },
    PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] },
    RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
    SecurityOpt: ['seccomp=hunter2'],
    CpuShares: 512,
    Memory: 33554432,
    MemorySwap: 67108864,
    NanoCpus: 1500000000,
    PidsLimit: 100,
  },
  GraphDriver: { Data: { MergedDir: '/var/lib/docker/overlay2/x' } },
  Mounts: [
    {
      Type: 'volume',
      Name: 'p_data',
      Source: '/var/lib/docker/volumes/p_data',
      Destination: '/data',
      RW: true,
    },
  ],
  Config: {
    Hostname: 'host-name',
    Domainname: 'domain',
    User: '1000',
    Env: ['DB_PASSWORD=hunter2=x', 'PATH=/bin', 'EMPTY=', 'BARE'],
    Cmd: ['serve', '--port', '80'],
    Healthcheck: { Test: ['CMD', 'check'], Interval: 1500000000, Timeout: 500000000 },
    Image: 'ledger:1.2',
    Entrypoint: ['/entry.sh'],
    Labels: {
      'com.docker.compose.service': 'ledger',
      'com.docker.compose.container-number': '1',
      secret: 'label-value',
    },
  },
  NetworkSettings: {
    SandboxKey: '/var/run/docker/netns/x',
    Ports: {},
    Networks: { p_default: { IPAddress: '172.18.0.2', GlobalIPv6Address: '', Aliases: ['hunter2'] } },
  },
};

/** A container as `docker inspect` writes it (Engine 28.5.2), with something in every corner; parts can be replaced. */
export function inspected(
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { ...whole, ...changes };
}
