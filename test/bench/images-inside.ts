/** What `images.ts` runs inside its enclosure: `node test/bench/images-inside.ts FOLDER ID [options]`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageFacts, totalBytes } from './image-facts.ts';
import { placeTable, postLines, ratioLines, systemsTable } from './image-report.ts';
import { acquire, type Bench, type Measured, startLocally } from './image-rounds.ts';
import { readOptions } from './options.ts';
import { startServers, stopServers } from './servers.ts';
import { readStack } from './stack.ts';
import type { UpstreamImage } from './upstream-content.ts';

const [folder = '', id = '', ...argv] = process.argv.slice(2);
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
process.stdin.on('end', () => interrupted.abort()).resume();
// The engine of this place is at the usual socket, whatever the shell outside uses.
for (const name of ['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_TLS_VERIFY']) delete process.env[name];

try {
  await bench();
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  console.error(interrupted.signal.aborted ? 'Interrupted; everything is removed.' : text);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}
process.stdin.destroy();

async function bench(): Promise<void> {
  const options = readOptions(argv);
  const content = join(folder, 'content');
  const images = JSON.parse(await readFile(join(content, 'images.json'), 'utf8')) as readonly UpstreamImage[];
  const stack = await readStack(join(options.action, 'compose/compose.yaml'));
  const servers = startServers(content);
  const say = (text: string): void => console.log(text);
  const { logs } = options;
  const all: Bench = {
    options,
    stack,
    servers,
    total: totalBytes(images),
    folder,
    id,
    logs,
    say,
    interrupted: interrupted.signal,
  };
  try {
    say(`${await imageFacts(images)}\n`);
    report(await measureAll(all));
  } finally {
    await stopServers(servers);
  }
}

async function measureAll(all: Bench): Promise<readonly Measured[][]> {
  const places: Measured[][] = [];
  for (const store of all.options.stores) {
    places.push(await startLocally(all, store));
    for (const speed of all.options.speeds) places.push(await acquire(all, { store, speed }));
  }
  return places.filter((measured) => measured.length > 0);
}

function report(places: readonly Measured[][]): void {
  for (const measured of places) {
    const [place] = measured;
    if (place === undefined) continue;
    console.log(`\n${placeTable(place, measured)}\n\n${systemsTable(measured)}`);
  }
  const measured = places.flat();
  console.log(`\n${[...postLines(measured), ...ratioLines(measured)].join('\n')}`);
}
