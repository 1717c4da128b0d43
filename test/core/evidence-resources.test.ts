import { describe, expect, test } from 'vitest';
import { gauges, statsResources } from '../../src/core/evidence/resources.ts';

const id = '8b9875b263d1';

/** What the gauges of a container read from files with these contents. */
function read(cgroup: string, files: Readonly<Record<string, string>>): object {
  return Object.assign({}, ...gauges(cgroup, id).map((gauge) => gauge.read(files[gauge.path] ?? '')));
}

const first = [
  `9:name=systemd:/docker/${id}`,
  `8:pids:/docker/${id}`,
  `4:memory:/docker/${id}`,
  `2:cpu,cpuacct:/docker/${id}`,
  `0::/docker/${id}`,
].join('\n');
const second = `0::/system.slice/docker-${id}.scope\n`;

describe('what a container has used', () => {
  test('is in the files of control groups, version 1', () => {
    const files = {
      [`/sys/fs/cgroup/memory/docker/${id}/memory.max_usage_in_bytes`]: '11046912\n',
      [`/sys/fs/cgroup/memory/docker/${id}/memory.usage_in_bytes`]: '2527232\n',
      [`/sys/fs/cgroup/memory/docker/${id}/memory.oom_control`]:
        'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n',
      [`/sys/fs/cgroup/cpuacct/docker/${id}/cpuacct.usage`]: '43337051\n',
      [`/sys/fs/cgroup/pids/docker/${id}/pids.current`]: '7\n',
    };
    expect(read(first, files)).toEqual({
      memoryPeakBytes: 11046912,
      memoryBytes: 2527232,
      oomKills: 3,
      cpuSeconds: 0.043337051,
      processes: 7,
    });
  });

  test('is in the files of control groups, version 2', () => {
    const group = `/sys/fs/cgroup/system.slice/docker-${id}.scope`;
    const files = {
      [`${group}/memory.peak`]: '5000000\n',
      [`${group}/memory.current`]: '4000000\n',
      [`${group}/memory.events`]: 'low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 0\n',
      [`${group}/cpu.stat`]: 'usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n',
      [`${group}/pids.current`]: '4\n',
    };
    const all = { memoryPeakBytes: 5e6, memoryBytes: 4e6, oomKills: 1, cpuSeconds: 2.5, processes: 4 };
    expect(read(second, files)).toEqual(all);
  });

  test('is unknown where a file is not there, or holds something else', () => {
    const group = `/sys/fs/cgroup/system.slice/docker-${id}.scope`;
    expect(read(second, { [`${group}/pids.current`]: 'max\n', [`${group}/memory.peak`]: '' })).toEqual({});
  });

  test.each([
    ['of a process of this machine that has the same ID', '0::/user.slice/session-1.scope\n'],
    ['of another container', '0::/system.slice/docker-77777.scope\n'],
    ['outside of what can be seen from here', `0::/../docker-${id}.scope\n`],
    ['nowhere', ''],
  ])('is not read from a group %s', (_, cgroup) => {
    expect(gauges(cgroup, id)).toEqual([]);
  });
});

test.each([
  ['{"MemUsage":"396KiB / 23.54GiB","PIDs":"1"}', { memoryBytes: 405504, processes: 1 }],
  ['{"MemUsage":"1.5GiB / 2GiB","PIDs":"120"}', { memoryBytes: 1610612736, processes: 120 }],
  ['{"MemUsage":"0B / 0B","PIDs":"0"}', { memoryBytes: 0, processes: 0 }],
  ['{"MemUsage":"-- / --","PIDs":"--"}', {}],
  ['nothing', {}],
  ['', {}],
])('`docker stats` says %s', (line, resources) => {
  expect(statsResources(line)).toEqual(resources);
});
