/**
 * Images and starts: the built action against `docker compose up -d --wait`, the original's settings and `docker load` from the cache,
 * on engines, a registry and a cache service of its own. `node test/bench/images.ts [rounds] [options]`; README.md here says
 * what is measured and how.
 */
import { join } from 'node:path';
import { runCommand } from '../../src/io/command.ts';
import { enclosure } from './enclosure.ts';
import { type Options, readOptions, usage } from './options.ts';
import { collectImages } from './upstream-content.ts';

const argv = process.argv.slice(2);
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

const options = asked();
try {
  process.exitCode = await bench();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function asked(): Options {
  try {
    return readOptions(argv);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(2);
  }
}

async function bench(): Promise<number> {
  if (process.getuid?.() !== 0)
    throw new Error('Engines and networks of its own need root: run this as root.');
  await install();
  const place = await enclosure(options.weight);
  try {
    await collectImages(join(place.folder, 'content'));
    const inside = join(import.meta.dirname, 'images-inside.ts');
    return await place.run(inside, [place.folder, place.id, ...argv], interrupted.signal);
  } finally {
    place.remove();
  }
}

/** GitHub's runners have pigz, by which dockerd unpacks layers, and zstd, by which caches are packed. */
async function install(): Promise<void> {
  const programs = { unpigz: 'pigz', zstd: 'zstd', ip: 'iproute2', unshare: 'util-linux' };
  for (const [program, name] of Object.entries(programs)) {
    const found = await runCommand(['which', program], { timeout: 10_000 });
    if (found.exitCode === 0) continue;
    const script = join(import.meta.dirname, '../../scripts/apt-install.sh');
    const installed = await runCommand([script, name], { timeout: 300_000, signal: interrupted.signal });
    if (installed.exitCode !== 0) throw new Error(`${name} could not be installed: ${installed.stderr}`);
  }
}
