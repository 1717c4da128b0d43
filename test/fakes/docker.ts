import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { CommandResult } from '../../src/core/command.ts';
import { asArray, asObject, asString, type Json } from '../../src/core/json.ts';
import type { Compose } from '../../src/io/compose.ts';
import type { Docker } from '../../src/io/docker.ts';
import type { Clock } from './clock.ts';
import { type Engine, mergeModels } from './engine.ts';
import type { Scene, Seen } from './scene.ts';

function answered(scene: Scene, stdout: string, refusal?: string): CommandResult {
  const missing = scene.noDocker === true;
  const stderr = missing ? 'spawn docker ENOENT' : (refusal ?? scene.engineSays ?? '');
  const exitCode = missing ? undefined : stderr === '' ? 0 : 1;
  const text = exitCode === 0 ? stdout : '';
  return { command: ['docker', 'fake'], exitCode, stdout: text, stderr, timedOut: false, missing };
}

/** `docker compose`, over the engine in memory. */
export function fakeCompose(scene: Scene, seen: Seen, engine: Engine): Compose {
  const read = (file: string, env: Readonly<Record<string, string>>): Json => {
    const text = (seen.files.get(file) ?? '').replace(
      /\$\{(\w+):-([^}]*)\}/g,
      (_, name: string, fallback: string) => env[name] ?? fallback,
    );
    return asObject(parse(text, { merge: true })) ?? {};
  };
  return {
    version: async () => answered(scene, scene.composeVersion ?? '2.40.3', scene.composeSays),
    config: async (files, { env }) => {
      const model = mergeModels(files.flatMap((file) => withIncluded(file, (each) => read(each, env))));
      return answered(scene, scene.configPrints ?? JSON.stringify(model), scene.configSays);
    },
    create: async (project, modelFile, services) => {
      seen.effects.push(`create ${[...services].sort().join(' ')}`);
      if (scene.createSays === undefined) engine.create(project, read(modelFile, {}), services);
      return answered(scene, '', scene.createSays);
    },
    run: async (_project, _file, service, env) => {
      const told = Object.entries(env).map(([name, value]) => `${name}=${value}`);
      seen.effects.push(`run ${service}: ${told.join(' ')}`);
      if (scene.runLeaves !== undefined) seen.files.set(...scene.runLeaves);
      return answered(scene, '', scene.runSays);
    },
    build: async (_project, _file, services) => {
      seen.effects.push(`build ${services.join(' ')}`);
      return answered(scene, '', scene.buildSays);
    },
    push: async (_project, _file, services) => {
      seen.effects.push(`push ${services.join(' ')}`);
      return answered(scene, '');
    },
    up: async (project, modelFile) => {
      const model = read(modelFile, {});
      const services = Object.keys(asObject(model['services']) ?? {});
      seen.effects.push(`up ${services.join(' ')}`);
      engine.create(project, model, services);
      for (const { id } of engine.containers()) engine.start(id);
      return answered(scene, '', scene.createSays);
    },
    down: async (project) => {
      seen.effects.push(`down ${project}`);
      for (const kind of ['container', 'network', 'volume'] as const)
        if (answered(scene, '').exitCode === 0) engine.remove(kind, engine.labelled(kind), true);
      return answered(scene, '');
    },
  };
}

/** A file's map, after those that it includes. */
function withIncluded(file: string, read: (file: string) => Json): readonly Json[] {
  const map = read(file);
  const included = asArray(map['include']).map((name) => join(dirname(file), asString(name) ?? ''));
  return [...included.map(read), map];
}

/** `docker`, over the engine in memory. */
export function fakeDocker(scene: Scene, seen: Seen, engine: Engine, clock: Clock): Docker {
  const serviceOf = (id: string) => engine.containers().find((each) => each.id === id)?.service ?? id;
  return {
    version: async () => {
      await clock.sleep(scene.engineTakes ?? 0);
      return answered(scene, '28.5.2 1.51 amd64\n');
    },
    hasImages: async (references) => references.every((image) => scene.pulls?.[image] === undefined),
    imageFacts: async (images) => {
      const env = new Map(Object.entries(scene.imageEnv ?? {}));
      const here = images.filter(
        (image) => scene.pulls?.[image] === undefined || seen.effects.includes(`pulled ${image}`),
      );
      return new Map(here.map((image) => [image, { id: `sha256:${'d1'.repeat(32)}`, env }]));
    },
    pull: async (image, _platform, signal) => {
      seen.effects.push(`pull ${image}`);
      const { takes = 0, refuses } = scene.pulls?.[image] ?? {};
      await clock.sleep(takes, signal);
      if (!signal.aborted) seen.effects.push(`pulled ${image}`);
      const times = seen.effects.filter((effect) => effect === `pull ${image}`).length;
      return answered(scene, '', typeof refuses === 'object' ? refuses[times - 1] : refuses);
    },
    tag: async (image, name) => {
      seen.effects.push(`tag ${image} ${name}`);
      return answered(scene, '');
    },
    removeNames: async (names) => {
      seen.effects.push(`untag ${names.join(' ')}`);
      return answered(scene, '');
    },
    containers: async () => (answered(scene, '').exitCode === 0 ? engine.containers() : []),
    start: async (ids) => {
      seen.effects.push(`start ${ids.map(serviceOf).join(' ')}`);
      return answered(scene, '', ids.flatMap((id) => engine.start(id) ?? [])[0]);
    },
    setWeight: async (ids, weight) => {
      seen.effects.push(`weigh ${weight}: ${ids.map(serviceOf).join(' ')}`);
      return answered(scene, '');
    },
    inspect: async (ids) =>
      answered(
        scene,
        ids
          .flatMap((id) => engine.inspect(id) ?? [])
          .map((json) => JSON.stringify(json))
          .join('\n'),
      ),
    events: (_project, onEvent, signal) =>
      new Promise((resolve) => {
        engine.listen(onEvent, signal);
        signal.addEventListener('abort', () => resolve(answered(scene, '')), { once: true });
      }),
    execute: async (id, command) => {
      seen.effects.push(`execute ${serviceOf(id)}: ${command.join(' ')}`);
      return answered(scene, '', scene.services?.[serviceOf(id)]?.refusesCommands);
    },
    logs: async (id) => scene.services?.[serviceOf(id)]?.log ?? '',
    publishing: async (port) => answered(scene, scene.taken?.[port] ?? ''),
    labelled: async (kind) => (answered(scene, '').exitCode === 0 ? engine.labelled(kind) : undefined),
    remove: async (kind, ids) => {
      seen.effects.push(`remove ${kind} ${ids.join(' ')}`);
      engine.remove(kind, ids, false);
      return answered(scene, '');
    },
  };
}
