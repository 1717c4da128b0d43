import { runCommand } from '../../src/io/command.ts';
import { withEngine } from './fresh-engine.ts';
import { type ImageArm, imageArm, repositories, type Surroundings, saveLoad } from './image-arms.ts';
import { runLine } from './image-line.ts';
import { type ImageRun, type Metering, runWithImages } from './image-run.ts';
import { launch } from './launch.ts';
import { type ArmName, acquiring, local, type Store } from './options.ts';
import { requireBytes } from './proof.ts';
import { paceOf } from './servers.ts';
import { project } from './stack.ts';

export interface Bench extends Surroundings, Metering {
  /** Bytes of all images, each layer once. */
  readonly total: number;
  readonly interrupted: AbortSignal;
  readonly say: (text: string) => void;
}

/** The runs of one arm at one place: a store and a speed in MB/s, or images that are local. */
export interface Place {
  readonly store: Store;
  readonly speed: number | undefined;
}
export interface Measured extends Place {
  readonly arm: ImageArm;
  readonly runs: ImageRun[];
  /** Why runs did not count, and were done again. */
  readonly voids: string[];
}

/** Of one arm at one place. */
const mostVoids = 2;

const named = ({ store, speed }: Place): string =>
  `${store}, ${speed === undefined ? 'local' : `${speed} MB/s`}`;

/** Every arm that gets its images, each time into an engine that has none. */
export async function acquire(bench: Bench, place: Place & { readonly speed: number }): Promise<Measured[]> {
  const { options, servers } = bench;
  const arms = acquiring.filter((name) => options.arms.includes(name));
  if (arms.length === 0) return [];
  const cold = (arm: ImageArm) => withEngine(bench, place.store, () => run(bench, arm));
  if (arms.includes('save-load')) await fillArchive(bench, place);
  await servers.upstream.ask(paceOf(place.speed, options));
  if (arms.includes('warm')) await learn(bench, place, 'warm', repositories.warm, cold);
  return inRounds(bench, place, arms, place.speed, cold);
}

/** Every arm whose images are there: one engine keeps them. */
export async function startLocally(bench: Bench, store: Store): Promise<Measured[]> {
  const { options, servers, say } = bench;
  const arms = local.filter((name) => options.arms.includes(name));
  if (arms.length === 0) return [];
  const place = { store, speed: undefined };
  const speed = [...options.speeds].sort((a, b) => a - b)[Math.floor(options.speeds.length / 2)] ?? 120;
  await servers.upstream.ask({});
  return withEngine(bench, store, async () => {
    await pullAll(bench);
    await servers.upstream.ask(paceOf(speed, options));
    const here = (arm: ImageArm) => run(bench, arm);
    // Every image's files are in the page cache from here on, for all arms alike.
    say(
      `${named(place)}, warm-up, not counted: ${runLine(await here(imageArm('compose-local', speed, bench)))}`,
    );
    if (arms.includes('warm-start'))
      await learn(bench, place, 'warm-start', repositories.archives, here, speed);
    return inRounds(bench, place, arms, speed, here);
  });
}

async function inRounds(
  bench: Bench,
  place: Place,
  names: readonly ArmName[],
  speed: number,
  once: (arm: ImageArm) => Promise<ImageRun>,
): Promise<Measured[]> {
  const { rounds } = bench.options;
  const measured = names.map(
    (name): Measured => ({ ...place, arm: imageArm(name, speed, bench), runs: [], voids: [] }),
  );
  for (let round = 1; round <= rounds; round += 1) {
    for (const { arm, runs, voids } of measured) {
      const result = await untilValid(bench, arm, voids, once);
      runs.push(result);
      bench.say(`${named(place)}, round ${round} of ${rounds}, ${arm.name}: ${runLine(result)}`);
    }
  }
  return measured;
}

/** A run that fails is done again, as long as few do; the report names them. */
async function untilValid(
  { interrupted, say }: Bench,
  arm: ImageArm,
  voids: string[],
  once: (arm: ImageArm) => Promise<ImageRun>,
): Promise<ImageRun> {
  for (;;) {
    try {
      return await once(arm);
    } catch (error) {
      if (interrupted.aborted || voids.length === mostVoids) throw error;
      const why = error instanceof Error ? error.message : String(error);
      voids.push(why);
      say(`${arm.name}, a void run, done again: ${why}`);
    }
  }
}

/** What comes before a warm run: one that fills the cache, and some by which the action learns what is worth it. */
async function learn(
  bench: Bench,
  place: Place,
  name: ArmName,
  repository: string,
  once: (arm: ImageArm) => Promise<ImageRun>,
  speed = place.speed ?? 0,
): Promise<void> {
  await bench.servers.cache.ask({ open: repository, bytesPerSecond: speed * 1e6 });
  // With `auto` from the first run on, as users have it: `on` would not note how fast the registry is.
  const arm = imageArm(name, speed, bench);
  for (let count = 0; count <= bench.options.learning; count += 1) {
    bench.say(`${named(place)}, ${name} learns, not counted: ${runLine(await once(arm))}`);
  }
  const { entries } = await bench.servers.cache.ask({ use: repository });
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  bench.say(`${named(place)}, ${name} has ${entries.length} cache entries of ${(bytes / 1e6).toFixed(0)} MB`);
}

/** Has the archive of all images in the cache at the speed of the place; it is made once for a store. */
async function fillArchive(
  bench: Bench,
  { store, speed }: Place & { readonly speed: number },
): Promise<void> {
  const { servers, say, options } = bench;
  if (speed === options.speeds[0]) {
    await servers.upstream.ask({});
    await servers.cache.ask({ open: repositories.archive });
    await withEngine(bench, store, async () => {
      await pullAll(bench);
      const { ended } = launch(await saveLoad('save', bench));
      const { exitCode, output } = await ended;
      if (exitCode !== 0) throw new Error(`The images could not be saved:\n${output}`);
    });
  }
  const { entries } = await servers.cache.ask({ repace: repositories.archive, bytesPerSecond: speed * 1e6 });
  if (entries.length === 0) throw new Error('The archive of all images is not in the cache.');
  say(
    `${store}, ${speed} MB/s, the archive of all images in the cache: ${((entries[0]?.size ?? 0) / 1e6).toFixed(0)} MB`,
  );
}

async function pullAll({ stack, interrupted }: Bench): Promise<void> {
  const command = [
    'docker',
    'compose',
    '--project-name',
    project,
    '--file',
    stack.file,
    'pull',
    '--quiet',
  ] as const;
  const { exitCode, stderr } = await runCommand(command, { timeout: 600_000, signal: interrupted });
  interrupted.throwIfAborted();
  if (exitCode !== 0) throw new Error(`The images could not be pulled: ${stderr}`);
}

async function run(bench: Bench, arm: ImageArm): Promise<ImageRun> {
  const result = await runWithImages(arm, bench.stack, bench, bench.interrupted);
  if (arm.post !== undefined && result.archives > 0)
    throw new Error(
      `${arm.name}: the engine saved or loaded an archive of images, which the action never wants.`,
    );
  // So that the check above is known to see them, on either store.
  if (arm.name === 'save-load' && result.archives === 0)
    throw new Error('The engine loaded an archive and did not say so: others would not be noticed either.');
  requireBytes(arm.name, result, bench.total);
  return result;
}
