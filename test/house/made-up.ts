import type { SourceFile } from './source.ts';

/** Files of a made-up repository. */
export function repository(files: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}
