import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { exec } from '@actions/exec';
import { artefactKey, contentKey, type Recipe, withBases } from './recipes.ts';
import { manifest, putTag, registry, repositoryPath } from './registry.ts';
import { splitReference } from './wanted.ts';

export interface Site {
  /** What is kept between runs. */
  readonly cache: string;
  readonly say: (text: string) => void;
}

/** Puts the image into the local registry under its published name; builds it only where its content key is new. */
export async function provide(recipe: Recipe, reference: string, site: Site): Promise<void> {
  const key = `key-${contentKey(recipe, reference)}`;
  const { repository, tag } = splitReference(reference);
  const built = await manifest(repository, key);
  const named = await manifest(repository, tag);
  if (built !== undefined) {
    if (named?.body !== built.body) await putTag(repository, tag, built);
    return;
  }
  const began = performance.now();
  for (const each of withBases(recipe))
    await once(each, () => makeImage(each, each === recipe ? reference : `${each.repository}:latest`, site));
  for (const name of [key, tag])
    await push(reference, `${registry}/${repositoryPath(repository)}:${name}`, recipe, site);
  site.say(`${recipe.name}: built in ${Math.round((performance.now() - began) / 1000)} s`);
}

const running = new Map<string, Promise<void>>();

/** Images that share a base wait for one build of it. */
function once(recipe: Recipe, build: () => Promise<void>): Promise<void> {
  const known = running.get(recipe.folder) ?? build();
  running.set(recipe.folder, known);
  return known;
}

async function makeImage(recipe: Recipe, reference: string, site: Site): Promise<void> {
  const label = `org.paklog.stand-in.key=${contentKey(recipe, reference)}`;
  const known = await quietly(['docker', 'image', 'ls', '--quiet', '--filter', `label=${label}`, reference]);
  if (known.trim() !== '') return;
  const artefacts = await makeArtefacts(recipe, site);
  site.say(`${recipe.name}: assembling`);
  const context = artefacts === undefined ? [] : ['--build-context', `artefacts=${artefacts}`];
  const labels = ['--label', label, '--label', `org.paklog.stand-in=${recipe.name}`];
  await logged(
    ['docker', 'build', '--network', 'host', ...context, ...labels, '--tag', reference, recipe.folder],
    recipe,
    site,
  );
}

/** Runs build.sh, whose output is kept by the key of its inputs. */
async function makeArtefacts(recipe: Recipe, site: Site): Promise<string | undefined> {
  const script = join(recipe.folder, 'build.sh');
  if (!existsSync(script)) return undefined;
  const done = join(site.cache, 'artefacts', `${recipe.name}-${artefactKey(recipe)}`);
  if (existsSync(done)) return done;
  site.say(
    `${recipe.name}: getting ${recipe.upstream.software} ${recipe.upstream.version} from ${recipe.upstream.from}`,
  );
  const out = `${done}.partial`;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const downloads = join(site.cache, 'downloads');
  mkdirSync(downloads, { recursive: true });
  const go = { GOMODCACHE: join(downloads, 'go/mod'), GOCACHE: join(downloads, 'go/build') };
  const variables = { ...go, OUT: out, CACHE: downloads, JOBS: String(availableParallelism()) };
  await logged(['bash', script], recipe, site, variables);
  renameSync(out, done);
  return done;
}

async function push(reference: string, target: string, recipe: Recipe, site: Site): Promise<void> {
  await quietly(['docker', 'tag', reference, target]);
  await logged(['docker', 'push', '--quiet', target], recipe, site);
  await quietly(['docker', 'rmi', target]);
}

/**
 * Has the engine pull the image, as a user's would: also one that was just built here gets a pulled image's digest by it.
 * An engine without our mirror gets it by the registry's own name.
 */
export async function pullInto(reference: string, key: string, site: Site): Promise<void> {
  const pulled = '{{index .Config.Labels "org.paklog.stand-in.key"}} {{len .RepoDigests}}';
  const known = await quietly(['docker', 'image', 'inspect', '--format', pulled, reference]);
  if (known.trim() === `${key} 1`) return;
  if ((await exec('docker', ['pull', '--quiet', reference], { silent: true, ignoreReturnCode: true })) === 0)
    return;
  const { repository, tag } = splitReference(reference);
  const direct = `${registry}/${repositoryPath(repository)}:${tag}`;
  for (const argv of [
    ['pull', '--quiet', direct],
    ['tag', direct, reference],
    ['rmi', direct],
  ]) {
    await exec('docker', argv, { silent: true });
  }
  site.say(
    `${reference}: pulled by the local registry's name, since this engine does not use it as a mirror`,
  );
}

async function quietly(argv: readonly [string, ...string[]]): Promise<string> {
  let text = '';
  const [program, ...args] = argv;
  const stdout = (data: Buffer) => {
    text += data.toString();
  };
  await exec(program, args, { silent: true, ignoreReturnCode: true, listeners: { stdout } });
  return text;
}

/** Runs a step of a build; what it prints is kept in a file, and shown where it fails. */
async function logged(
  argv: readonly [string, ...string[]],
  recipe: Recipe,
  site: Site,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const log = join(site.cache, 'logs', `${recipe.name}.log`);
  mkdirSync(join(site.cache, 'logs'), { recursive: true });
  writeFileSync(log, '', { flag: 'a' });
  const append = (data: Buffer) => appendFileSync(log, data);
  const [program, ...args] = argv;
  const environment = Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const code = await exec(program, args, {
    silent: true,
    ignoreReturnCode: true,
    env: { ...environment, ...variables },
    listeners: { stdout: append, stderr: append },
  });
  if (code === 0) return;
  const tail = readFileSync(log, 'utf8').split('\n').slice(-30).join('\n');
  throw new Error(
    `${recipe.name} could not be built (\`${argv.slice(0, 2).join(' ')}\` ended with ${code}); the end of ${log}:\n${tail}`,
  );
}
