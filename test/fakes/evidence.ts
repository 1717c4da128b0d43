import type { CommandResult, OutputStream } from '../../src/core/command.ts';
import type { EvidenceRequest, EvidenceWorld } from '../../src/evidence/collection.ts';
import type { EngineReader } from '../../src/io/docker.ts';
import type { EvidenceFiles } from '../../src/io/evidence-files.ts';
import { type Clock, virtualClock } from './clock.ts';
import { fine } from './command.ts';
import { inspected } from './inspected.ts';
import { aboutEngine } from './machine-facts.ts';

/** Docker's records of a container's log: the stream, and the record as `docker logs --timestamps` writes it. */
export type Records = readonly (readonly [OutputStream, string])[];

/** What a collection meets. */
export interface Evidenced {
  /** Containers as `docker inspect` tells of them; default: one. */
  readonly containers?: readonly object[];
  /** Records of logs by container; a text instead is what Docker says when it has none. */
  readonly logs?: Readonly<Record<string, Records | string>>;
  /** Files of the machine. */
  readonly machine?: Readonly<Record<string, string>>;
  /** The caller's files, by path; a link names where it leads. */
  readonly workspace?: Readonly<Record<string, string | Buffer | { readonly link: string }>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** Parts of the world that behave in another way. */
  readonly world?: (world: EvidenceWorld, clock: Clock) => Partial<EvidenceWorld>;
}

export function failing(stderr: string): CommandResult {
  return { ...fine, exitCode: 1, stderr };
}

/** Time stamps of Docker that follow each other. */
export function stampAt(index: number): string {
  return `2026-01-02T03:04:05.${String(index).padStart(9, '0')}Z`;
}

/** A world in memory, in virtual time, and what was written. */
export function evidenceWorld(scene: Evidenced): {
  readonly world: EvidenceWorld;
  readonly clock: Clock;
  readonly written: ReadonlyMap<string, Buffer>;
  /** What was written to a file below the folder. */
  readonly text: (path: string) => string;
} {
  const clock = virtualClock();
  const written = new Map<string, Buffer>();
  const containers = scene.containers ?? [inspected()];
  const world: EvidenceWorld = {
    runner: { variables: () => scene.variables ?? {} },
    docker: { labelled: async () => containers.map((_, index) => String(index)) },
    engine: engine(containers, scene.logs ?? {}),
    machine: {
      readText: async (file) => scene.machine?.[file] ?? Promise.reject(new Error(`ENOENT: ${file}`)),
      makeFolder: async () => {},
      now: clock.now,
      date: () => 1_795_576_705_000 + clock.now(),
      sleep: clock.sleep,
    },
    host: {
      system: () => ({ kernel: '6.8', architecture: 'x64', cpus: 4, cpuModel: '' }),
      disk: async (path) => ({ path, totalBytes: 10, availableBytes: 5, totalFiles: 0, availableFiles: 0 }),
      outOfMemory: async () => ({ lines: [] }),
      listeners: async () => [],
    },
    files: files(scene.workspace ?? {}, written),
    globs: { files: async () => Object.keys(scene.workspace ?? {}) },
  };
  const changed = { ...world, ...scene.world?.(world, clock) };
  return {
    world: changed,
    clock,
    written,
    text: (path) => written.get(`/evidence/${path}`)?.toString() ?? '',
  };
}

export function wanted(changes: Partial<EvidenceRequest> = {}): EvidenceRequest {
  const nothing = { published: [], secrets: [], include: [] };
  const usual = {
    project: 'p',
    folder: '/evidence',
    workspace: '/w',
    outcome: 'failure',
    budget: 60_000,
  } as const;
  return { ...nothing, ...usual, ...changes };
}

function engine(containers: readonly object[], logs: NonNullable<Evidenced['logs']>): EngineReader {
  return {
    inspectWhole: async () => ({
      ...fine,
      stdout: containers.map((each) => JSON.stringify(each)).join('\n'),
    }),
    readLog: async (id, last, { signal, onOutput }) => {
      const found = logs[id] ?? [];
      if (typeof found === 'string') {
        await onOutput(Buffer.from(`${found}\n`), 'stderr');
        return failing('');
      }
      for (const [stream, record] of last === undefined ? found : found.slice(-last)) {
        if (signal.aborted) return { ...fine, exitCode: undefined };
        await onOutput(Buffer.from(record, 'latin1'), stream);
      }
      return fine;
    },
    pastEvents: async () => fine,
    stats: async () => fine,
    about: async () => ({
      version: { ...fine, stdout: JSON.stringify(aboutEngine.version) },
      info: { ...fine, stdout: JSON.stringify(aboutEngine.info) },
    }),
  };
}

function files(workspace: NonNullable<Evidenced['workspace']>, written: Map<string, Buffer>): EvidenceFiles {
  return {
    create: async (path) => {
      written.set(path, Buffer.alloc(0));
      const write = async (content: string | Buffer) =>
        void written.set(path, Buffer.concat([written.get(path) ?? Buffer.alloc(0), Buffer.from(content)]));
      return { write, close: async () => {} };
    },
    remove: async (path) => void written.delete(path),
    look: async (path) => {
      if (path === '/w') return { path, isFile: false, bytes: 0 };
      const found = workspace[path];
      if (typeof found === 'object' && 'link' in found) return { path: found.link, isFile: true, bytes: 1 };
      return found === undefined ? undefined : { path, isFile: true, bytes: Buffer.byteLength(found) };
    },
    chunks: async function* (path) {
      const found = workspace[path];
      const bytes =
        typeof found === 'string' || Buffer.isBuffer(found) ? Buffer.from(found) : Buffer.alloc(0);
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    },
  };
}
