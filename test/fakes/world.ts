import type { Artifacts } from '../../src/io/artifacts.ts';
import type { Machine } from '../../src/io/machine.ts';
import type { Runner } from '../../src/io/runner.ts';
import type { World } from '../../src/world.ts';
import { type Clock, virtualClock } from './clock.ts';
import { fakeCompose, fakeDocker } from './docker.ts';
import { fakeEngine } from './engine.ts';
import { fakeArtifacts, fakeKeeping } from './keeping.ts';
import { fakePreviews } from './previews.ts';
import type { Scene, Seen } from './scene.ts';
import { fakeWarm } from './warm.ts';

/** An engine, a runner and a machine in memory, in virtual time. */
export function fakeWorld(scene: Scene): { world: World; seen: Seen; clock: Clock; artifacts: Artifacts } {
  const clock = virtualClock();
  const engine = fakeEngine(scene, clock);
  const seen = nothingYet(scene);
  const probe = async ({ host, port }: { host: string; port: number }) => engine.answer(host, port);
  return {
    world: {
      runner: fakeRunner(scene, seen),
      terminal: {
        interactive: scene.terminal === true,
        columns: () => 80,
        draw: (lines) => void seen.drawn.push(lines),
        done: () => void seen.drawn.push(['done']),
      },
      docker: fakeDocker(scene, seen, engine, clock),
      compose: fakeCompose(scene, seen, engine),
      probes: { http: probe, tcp: probe, post: fakePost(scene, seen) },
      machine: fakeMachine(scene, seen, clock),
      ...fakeKeeping(scene, seen, engine, clock),
      ...fakeWarm(scene, seen, clock),
      ...fakePreviews(scene, seen),
      stack: '/stack',
    },
    seen,
    clock,
    artifacts: fakeArtifacts(scene, seen, clock),
  };
}

function nothingYet(scene: Scene): Seen {
  return {
    effects: [],
    annotations: [],
    infos: [],
    notices: [],
    warnings: [],
    groups: [],
    drawn: [],
    summaries: [],
    uploads: [],
    foreign: new Map(),
    outputs: new Map(),
    exported: new Map(),
    files: new Map(Object.entries(scene.files ?? {})),
    saved: scene.state ?? '',
  };
}

const cacheInput = { write: 'on', read: 'read-only', off: '' };

function fakePost(scene: Scene, seen: Seen): World['probes']['post'] {
  return async ({ host, port, path, body }) => {
    seen.effects.push(`post ${host}:${port}${path} ${body}`);
    return scene.refusedPosts?.[path];
  };
}

function fakeRunner(scene: Scene, seen: Seen): Runner {
  const variables: Readonly<Record<string, string>> = {
    GITHUB_WORKSPACE: '/w',
    GITHUB_RUN_ID: '7',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_JOB: 'test',
    ...scene.variables,
  };
  return {
    input: (name) => scene.inputs?.[name] ?? (name === 'cache' ? cacheInput[scene.cacheUse ?? 'off'] : ''),
    output: (name, value) => {
      seen.effects.push(`output ${name}`);
      seen.outputs.set(name, value);
    },
    exportVariable: (name, value) => {
      seen.effects.push(`export ${name}`);
      seen.exported.set(name, value);
    },
    saveState: (text) => {
      seen.effects.push('state');
      seen.saved = text;
    },
    state: () => seen.saved,
    info: (text) => void seen.infos.push(text),
    notice: (text) => void seen.notices.push(text),
    warning: (text) => void seen.warnings.push(text),
    openGroup: (title) => void seen.groups.push(title),
    closeGroup: () => void seen.groups.push('end'),
    fail: (title, text) => void seen.annotations.push({ title, text }),
    foreign: (title, text) => void seen.foreign.set(title, text),
    group: async (title, body) => {
      seen.groups.push(title);
      const result = await body();
      seen.groups.push('end');
      return result;
    },
    summary: async (markdown) => void seen.summaries.push(markdown),
    variable: (name) => variables[name] ?? '',
    variables: () => variables,
  };
}

function fakeMachine(scene: Scene, seen: Seen, clock: Clock): Machine {
  let spare = 40_000;
  return {
    readText: async (file) => {
      const text = seen.files.get(file);
      if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${file}'`);
      return text;
    },
    writeText: async (file, text) => void seen.files.set(file, text),
    writeReadable: async (file, text) => {
      seen.effects.push(`write ${file}`);
      seen.files.set(file, text);
    },
    isFile: async (file) => seen.files.has(file),
    folder: (project) => `/tmp/${project}`,
    logsFolder: (project) => `/tmp/logs/${project}`,
    makeFolder: async (path) => void seen.effects.push(`make ${path}`),
    removeFolder: async (path) => {
      if (scene.stuckFolder === true) throw new Error(`EACCES: permission denied, rmdir '${path}'`);
      seen.effects.push(`remove ${path}`);
    },
    freePorts: async (_address, count) =>
      scene.foreignAddress === true ? [] : Array.from({ length: count }, () => (spare += 1)),
    portTaken: async (_address, port) => scene.taken?.[port] !== undefined,
    portOwner: async () => 'nginx, process 12',
    now: clock.now,
    date: () => 1_700_000_000_000 + clock.now(),
    sleep: clock.sleep,
    salt: () => 'ab12',
    random: () => 0.5,
  };
}
