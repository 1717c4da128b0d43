import type { Artifacts } from '../../src/io/artifacts.ts';
import type { World } from '../../src/world.ts';
import type { Clock } from './clock.ts';
import { fine } from './command.ts';
import type { Engine } from './engine.ts';
import { fakeImages } from './images.ts';
import type { fakePreviews } from './previews.ts';
import type { Scene, Seen } from './scene.ts';

type Elsewhere =
  | ('runner' | 'terminal' | 'docker' | 'compose' | 'probes' | 'machine' | 'stack' | 'cache' | 'archives')
  | keyof ReturnType<typeof fakePreviews>;

/** What keeps the evidence of a run: the engine's memory, the host, and files in memory. */
export function fakeKeeping(scene: Scene, seen: Seen, engine: Engine, clock: Clock): Omit<World, Elsewhere> {
  return {
    ...fakeImages(),
    engine: {
      inspectWhole: async (ids) => {
        await clock.sleep(scene.evidenceTakes ?? 0);
        const lines = ids.map((id) => {
          const json = engine.inspect(id) ?? {};
          const labels = { 'com.docker.compose.service': json['service'] };
          const state = { Status: json['status'], ExitCode: json['exitCode'] };
          return JSON.stringify({ Id: id, Config: { Labels: labels }, State: state });
        });
        return { ...fine, stdout: lines.join('\n') };
      },
      readLog: async (id, _last, { onOutput }) => {
        const service = engine.containers().find((each) => each.id === id)?.service ?? '';
        const lines = (scene.services?.[service]?.log ?? '').split('\n').filter((line) => line !== '');
        const stamped = lines.map((line) => `2026-01-01T00:00:00.000000000Z ${line}\n`);
        await onOutput(Buffer.from(stamped.join('')), 'stdout');
        return fine;
      },
      pastEvents: async () => fine,
      stats: async () => fine,
      about: async () => ({ version: fine, info: fine }),
    },
    host: {
      system: () => ({ kernel: '6.1', architecture: 'x64', cpus: 2, cpuModel: 'fake' }),
      disk: async () => undefined,
      outOfMemory: async () => ({ readable: false, lines: [], reason: 'a fake has no kernel' }),
      listeners: async () => [],
    },
    files: {
      create: async (path) => {
        if (scene.fullDisk === true) throw new Error('ENOSPC: no space left on device, write');
        seen.files.set(path, '');
        const write = async (content: string | Buffer) =>
          void seen.files.set(path, `${seen.files.get(path) ?? ''}${content.toString()}`);
        return { write, close: async () => {} };
      },
      remove: async (path) => void seen.files.delete(path),
      look: async () => undefined,
      chunks: async function* () {},
    },
    globs: { files: async () => [] },
  };
}

export function fakeArtifacts(scene: Scene, seen: Seen, clock: Clock): Artifacts {
  return {
    upload: async (name, files) => {
      seen.effects.push(`upload ${name}`);
      await clock.sleep(scene.uploadTakes ?? 0);
      const refusal = scene.uploadRefuses?.[name];
      if (refusal !== undefined) throw new Error(refusal);
      seen.uploads.push({ name, files });
      return { id: 77, size: 1234 };
    },
  };
}
