import { readFile } from 'node:fs/promises';
import { runCommand } from '../../src/io/command.ts';
import { cores } from './cpu.ts';
import type { UpstreamImage } from './upstream-content.ts';

/** The machine, the programs that the figures depend on, and what is pulled. */
export async function imageFacts(images: readonly UpstreamImage[]): Promise<string> {
  const programs = await Promise.all(
    [
      ['dockerd', '--version'],
      ['containerd', '--version'],
      ['docker', 'compose', 'version', '--short'],
      ['pigz', '--version'],
      ['zstd', '--version'],
      ['uname', '-rm'],
    ].map(firstLine),
  );
  const memory = /MemTotal:\s+(\d+)/.exec(await readFile('/proc/meminfo', 'utf8'))?.[1];
  const each = images.map(({ reference, blobs: own }) => {
    const size = own.reduce((sum, blob) => sum + blob.size, 0);
    return `${reference}  ${(size / 1e6).toFixed(1)} MB, ${own.length - 1} layers, the largest ${(Math.max(...own.map((blob) => blob.size)) / 1e6).toFixed(1)} MB`;
  });
  return [
    `${cores} cores, ${(Number(memory) / 1e6).toFixed(1)} GB, Node ${process.version}`,
    ...programs,
    ...each,
    `all images: ${(totalBytes(images) / 1e6).toFixed(1)} MB compressed, each layer once`,
  ].join('\n');
}

/** Of all images, each layer once. */
export function totalBytes(images: readonly UpstreamImage[]): number {
  const blobs = new Map(
    images.flatMap((image) => image.blobs.map(({ digest, size }) => [digest, size] as const)),
  );
  return [...blobs.values()].reduce((sum, size) => sum + size, 0);
}

async function firstLine([program = '', ...args]: readonly string[]): Promise<string> {
  const { stdout, stderr } = await runCommand([program, ...args], { timeout: 30_000 });
  const [text = ''] = (stdout.trim() || stderr.trim()).split('\n');
  return text.startsWith(program) || args.includes('compose')
    ? `${args.includes('compose') ? 'compose ' : ''}${text}`
    : `${program}: ${text}`;
}
