import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const major = 24;

/** The Node that runs actions: this one when it is new enough, else the repository's own. */
export function nodePath(): string {
  if (Number(process.versions.node.split('.')[0]) >= major) return process.execPath;
  const own = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
  if (existsSync(own)) return own;
  throw new Error(
    `Actions need Node ${major}; this is ${process.version} and ${own} is missing. Run npm ci.`,
  );
}

/** The command line of an action's entry, with a report of its own use of the machine into `usageFile`. */
export function nodeCommand(entry: string, usageFile: string): string[] {
  const report = new URL('./usage.mjs', import.meta.url);
  report.searchParams.set('parent', String(process.pid));
  report.searchParams.set('out', pathToFileURL(usageFile).pathname);
  return [nodePath(), '--import', report.href, entry];
}
