import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the action has left on this machine, and what is left beside it. */
export interface Files {
  /** The output `services` of every project that was brought up here and not taken down. */
  projects(): Promise<ReadonlyMap<string, string>>;
  /** Writes files into a folder of their own, which is given back. */
  write(folder: string, files: Readonly<Record<string, string>>): Promise<string>;
}

export const files: Files = {
  projects: async () => {
    const folder = join(temporary(), 'infra-action');
    const names = await readdir(folder).catch(() => []);
    const read = names.map(async (name) => {
      const text = await readFile(join(folder, name, 'services.json'), 'utf8').catch(() => undefined);
      return text === undefined ? [] : [[name, text] as const];
    });
    return new Map((await Promise.all(read)).flat());
  },
  write: async (name, texts) => {
    const folder = join(temporary(), 'infra-action-smoke', name);
    await mkdir(folder, { recursive: true });
    for (const [file, text] of Object.entries(texts)) await writeFile(join(folder, file), text);
    return folder;
  },
};

function temporary(): string {
  return process.env['RUNNER_TEMP'] || tmpdir();
}
