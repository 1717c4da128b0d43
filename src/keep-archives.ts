import { join } from 'node:path';
import { archiveName, entryName, isArchive, listName, listRule, wholeLines } from './core/warm/archive.ts';
import { decodeLearned, encodeLearned, type Learned, learnedFile } from './core/warm/learned.ts';
import { cacheFolder, modelFile } from './run.ts';
import type { Closing, Story } from './story.ts';
import type { World } from './world.ts';

/** Archives that are written at a time; each keeps one core busy. */
const atOnce = 2;

/**
 * Writes the class-data archives that the run had to start without, and hands them to the cache. Where there is nothing to
 * write nothing is done at all. What does not come off is a line of the log: the next run tries again.
 * `limit` is in milliseconds.
 */
export async function keepArchives(
  { project, directory, jobStatus }: Closing,
  { record }: Story,
  limit: number,
  world: World,
): Promise<void> {
  const { machine, runner } = world;
  const learned = decodeLearned(await machine.readText(learnedFile(directory)).catch(() => ''));
  if (learned.length === 0 || record?.outcome !== 'success' || jobStatus === 'cancelled') return;
  runner.openGroup('Warm starts');
  // Where the stack stays up, `down` comes here a second time.
  await machine.writeText(learnedFile(directory), encodeLearned([]));
  const done = new AbortController();
  const late = new AbortController();
  void machine.sleep(limit, done.signal).then(() => late.abort());
  const queue = [...learned];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined && !late.signal.aborted; next = queue.shift())
      runner.info(`${next.service}: ${await keep(next, project, directory, world, late.signal)}`);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  done.abort();
}

const outcomes = {
  saved: 'kept for the next run',
  taken: 'another run has kept one meanwhile',
  refused: 'the cache takes nothing from this run',
  failed: 'the cache did not take it',
};

/** What came of it, for a person. */
async function keep(
  { service, key, folder, variable, value }: Learned,
  project: string,
  directory: string,
  { archives, machine, compose, cache }: World,
  signal: AbortSignal,
): Promise<string> {
  try {
    const lists = (await archives.list(folder)).filter(({ name }) => listRule.test(name));
    const [longest] = lists.sort((a, b) => b.size - a.size);
    if (longest === undefined) return 'its JVM wrote no list of classes, so there is no archive';
    const list = wholeLines(await machine.readText(join(folder, longest.name)));
    await archives.writeText(join(folder, listName), list);
    const written = await compose.run(project, modelFile(directory), service, { [variable]: value }, signal);
    const file = await archives.look(join(folder, archiveName));
    if (file === undefined || !isArchive(file))
      return `its JVM wrote no archive (exit code ${written.exitCode ?? 'none'}): ${lastLine(written)}`;
    const entry = join(cacheFolder(directory), key);
    await archives.move(join(folder, archiveName), join(entry, entryName(file.size)));
    const outcome = await cache.save(key, entry, signal);
    await machine.removeFolder(entry);
    return `archive of ${Math.round(file.size / 1e6)} MB, ${outcomes[outcome]}`;
  } catch (error) {
    return `no archive: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function lastLine({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string {
  return (stderr.trim() || stdout.trim()).split('\n').at(-1)?.slice(0, 200) ?? '';
}
