import { join } from 'node:path';
import { create } from '@actions/glob';

/** Files that patterns name, as `actions/upload-artifact` understands them. */
export interface Globs {
  /**
   * Absolute paths of files and links below the folder; no link is followed to look for more. A pattern may be a path, `!`
   * before it leaves out. Throws where a pattern cannot be understood.
   */
  files(folder: string, patterns: readonly string[]): Promise<readonly string[]>;
}

export const globs: Globs = {
  files: async (folder, patterns) => {
    const root = folder.replace(/[[?*]/g, '[$&]');
    const absolute = patterns.map((pattern) =>
      pattern.startsWith('!') ? `!${join(root, pattern.slice(1))}` : join(root, pattern),
    );
    const options = { followSymbolicLinks: false, matchDirectories: false };
    const globber = await create(absolute.join('\n'), options);
    return globber.glob();
  },
};
