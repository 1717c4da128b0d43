import {
  type EngineFacts,
  engineFacts,
  type HostFacts,
  loadFacts,
  memoryFacts,
  renderHost,
  sinceThen,
} from '../core/evidence/host.ts';
import { layout } from '../core/evidence/layout.ts';
import type { Collection } from './collection.ts';

export interface HostEvidence {
  readonly host: HostFacts;
  readonly engine?: EngineFacts;
}

/** Keeps what the machine and the engine say of themselves. */
export async function keepHost({
  world,
  folder,
  part,
  signal,
  request,
}: Collection): Promise<HostEvidence | undefined> {
  const engine = await part('what Docker says of itself', () => askEngine());
  return part('the state of the machine', async () => {
    const host = await askMachine();
    await folder.write(layout.host, renderHost(host, engine));
    return { host, ...(engine === undefined ? {} : { engine }) };
  });

  async function askEngine(): Promise<EngineFacts | undefined> {
    const { version, info } = await world.engine.about(signal);
    return engineFacts(readJson(version.stdout), readJson(info.stdout));
  }

  async function askMachine(): Promise<HostFacts> {
    const temporary = world.runner.variables()['RUNNER_TEMP'] ?? '';
    const folders = new Set(['/', engine?.rootFolder ?? '', temporary].filter((path) => path !== ''));
    const read = (file: string) => world.machine.readText(file).catch(() => '');
    const [disks, meminfo, loadavg, outOfMemory, listeners] = await Promise.all([
      Promise.all([...folders].map((path) => world.host.disk(path))),
      read('/proc/meminfo'),
      read('/proc/loadavg'),
      world.host.outOfMemory(),
      world.host.listeners(),
    ]);
    const memory = memoryFacts(meminfo);
    return {
      ...world.host.system(),
      load: loadFacts(loadavg),
      ...(memory === undefined ? {} : { memory }),
      disks: disks.flatMap((disk) => disk ?? []),
      outOfMemory: sinceThen(outOfMemory, request.record?.began ?? 0),
      listeners,
    };
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
