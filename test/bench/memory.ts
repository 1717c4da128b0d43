import { runCommand } from '../../src/io/command.ts';
import { project } from './stack.ts';

const units: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Bytes of memory that the project's containers use now, by the engine's own account (without page cache). */
export async function containersMemory(): Promise<number> {
  const label = `label=com.docker.compose.project=${project}`;
  const listed = await runCommand(['docker', 'ps', '--quiet', '--filter', label], { timeout: 30_000 });
  const ids = listed.stdout.split('\n').filter((id) => id !== '');
  const stats = await runCommand(['docker', 'stats', '--no-stream', '--format', '{{.MemUsage}}', ...ids], {
    timeout: 30_000,
  });
  return stats.stdout
    .split('\n')
    .map((line) => /^([\d.]+)([A-Za-z]+) \//.exec(line))
    .reduce((sum, found) => sum + Number(found?.[1] ?? 0) * (units[found?.[2] ?? ''] ?? 0), 0);
}
