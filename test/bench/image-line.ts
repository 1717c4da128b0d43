import type { ImageRun } from './image-run.ts';

/** One run, for who watches. */
export function runLine({ ready, cpu, upstream, cached, post, peak, others }: ImageRun): string {
  const bytes = `${(upstream / 1e6).toFixed(0)} MB from the registry, ${(cached / 1e6).toFixed(0)} MB from the cache`;
  const after = post === undefined ? '' : `, post ${post.toFixed(1)} s`;
  const memory = `${(peak.together / 1e6).toFixed(0)} MB at most`;
  return `${ready.toFixed(1)} s, ${cpu.toFixed(1)} CPU s, ${bytes}, ${peak.cpu.toFixed(1)} own CPU s, ${memory}${after} (${others.toFixed(2)} cores busy with other things)`;
}
