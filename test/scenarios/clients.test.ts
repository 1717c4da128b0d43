import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { stepOf } from '../runner/job.ts';
import { repository } from './caller-stack.ts';
import { clients } from './clients/by-output.ts';
import { useFromContainers } from './clients/containers.ts';
import { useEnvironment } from './clients/environment.ts';
import { containersOf, memoryOf, publishedPorts, serviceOf } from './docker.ts';
import { promisedEnvironment } from './environment-table.ts';
import { holdForTests, output, servicesOf } from './held-stack.ts';

const manifest = parse(await readFile(join(repository, 'action.yml'), 'utf8')) as {
  readonly outputs: object;
};
const outputs = Object.keys(manifest.outputs);
const promised = await promisedEnvironment();
const timeout = 120_000;

const stack = holdForTests({ 'export-env': 'default, spring, otel', logs: 'always' });

describe('every output of action.yml works for a client of its own', { timeout }, () => {
  test.each(outputs)('%s', async (name) => {
    const client = clients[name];
    if (client === undefined)
      throw new Error(`No client uses the output '${name}': give it one in clients/by-output.ts.`);
    await client(output(stack(), name), stack());
  });

  test('and no client is left without an output', () => {
    expect(Object.keys(clients).filter((name) => !outputs.includes(name))).toEqual([]);
  });
});

describe('the exported environment', { timeout }, () => {
  test.each(['default', 'spring', 'otel'])('has every name of the set %s, as the README says', (set) => {
    expect(Object.keys(promised[set] ?? {}).length).toBeGreaterThan(4);
    expect(stack().env).toMatchObject(promised[set] ?? {});
  });
  useEnvironment(stack);
});

describe('containers on the output `network`, with `network-env-file`', { timeout }, () => {
  useFromContainers(stack);
});

describe('the whole stack', { timeout }, () => {
  test('publishes every port on 127.0.0.1 only', async () => {
    const ports = publishedPorts(await containersOf(output(stack(), 'project-name')));
    expect(ports).toHaveLength(17);
    expect(ports.filter(({ address }) => address !== '127.0.0.1')).toEqual([]);
  });

  test('is eleven running systems within 4 GB after all this use', async () => {
    const project = output(stack(), 'project-name');
    const containers = await containersOf(project);
    expect(containers.map(serviceOf)).toHaveLength(11);
    expect(containers.filter(({ State }) => State.Status !== 'running')).toEqual([]);
    expect(await memoryOf(project)).toBeLessThan(4 * 1024 ** 3);
  });
});

describe('the job', { timeout }, () => {
  test('ends well, and the action stays below 200 MB and 3 s of CPU', async () => {
    const job = await stack().release();
    expect(job.conclusion, job.text).toBe('success');
    for (const stage of ['main', 'post'] as const) {
      const { usage } = stepOf(job, 'infra', stage);
      expect(usage?.maxRssBytes).toBeLessThan(200 * 1024 ** 2);
      expect(usage?.cpuSeconds).toBeLessThan(3);
    }
  });

  test('shows a table of systems and addresses in log and summary', async () => {
    const job = await stack().release();
    const { log, summary } = stepOf(job, 'infra');
    expect(log.some((line) => /^system +works after +addresses$/.test(line))).toBe(true);
    expect(log.some((line) => /^kafka +\d+\.\d s +localhost:9092$/.test(line))).toBe(true);
    expect(log.some((line) => /^grafana +\d+\.\d s +http:\/\/localhost:3000$/.test(line))).toBe(true);
    const row =
      /^\| ✅ \*\*mongodb\*\*<br>`mongo:[\d.]+` \| this machine \| \d+\.\d \| \d+\.\d \| `mongodb:.*` \|$/m;
    expect(summary).toMatch(row);
    expect(summary.match(/^\| ✅/gm)).toHaveLength(11);
    expect(summary).toContain('```mermaid\n');
  });

  test('leaves nothing behind but the evidence of every system', async () => {
    const { orphans, left } = await stack().release();
    expect(orphans).toEqual([]);
    const folder = `temp/infra-action-logs/${output(stack(), 'project-name')}`;
    expect(left.filter((path) => !path.startsWith(`${folder}/`))).toEqual([]);
    const logs = Object.keys(servicesOf(stack())).map((system) => `${folder}/${system}/log.txt`);
    expect(logs.filter((log) => !left.includes(log))).toEqual([]);
    expect(left).toContain(`${folder}/report.json`);
  });
});
