import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files, ports and time of the machine the job runs on. */
export interface Machine {
  readText(file: string): Promise<string>;
  writeText(file: string, text: string): Promise<void>;
  /** Writes a file that the users of containers may read, too. */
  writeReadable(file: string, text: string): Promise<void>;
  isFile(file: string): Promise<boolean>;
  /** A folder for one project, below the runner's temporary folder. */
  folder(project: string): string;
  /** A folder for what is kept of a project, beside that one. */
  logsFolder(project: string): string;
  makeFolder(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  /** So many different ports that nothing listens on now. */
  freePorts(address: string, count: number): Promise<readonly number[]>;
  /** True when something listens on the port already. */
  portTaken(address: string, port: number): Promise<boolean>;
  /** Which process listens on the port, in a few words; empty where it cannot be known. */
  portOwner(port: number): Promise<string>;
  /** Milliseconds since an arbitrary moment; never goes back. */
  now(): number;
  /** Milliseconds since 1970. */
  date(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  salt(): string;
  /** At least 0, less than 1; another every time. */
  random(): number;
}

export const machine: Omit<Machine, 'portOwner'> = {
  readText: (file) => readFile(file, 'utf8'),
  writeText: (file, text) => writeFile(file, text, { mode: 0o600 }),
  writeReadable: async (file, text) => {
    await writeFile(file, text);
    // Whatever the umask says, and also where the file was there before.
    await chmod(file, 0o644);
  },
  isFile: async (file) => {
    try {
      return (await stat(file)).isFile();
    } catch {
      return false;
    }
  },
  folder: (project) => join(temporary(), 'infra-action', project),
  logsFolder: (project) => join(temporary(), 'infra-action-logs', project),
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  removeFolder: (path) => rm(path, { recursive: true, force: true }),
  freePorts,
  portTaken: async (address, port) => (await listen(address, port)) === 'taken',
  now: () => performance.now(),
  date: () => Date.now(),
  sleep,
  salt: () => crypto.randomUUID().slice(0, 4),
  random: () => Math.random(),
};

function temporary(): string {
  return process.env['RUNNER_TEMP'] || tmpdir();
}

/** All ports are held at once before any is let go, so that they differ. */
async function freePorts(address: string, count: number): Promise<readonly number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => listen(address, 0)));
  const found = held.flatMap((each) => (typeof each === 'string' ? [] : [each]));
  await Promise.all(found.map(({ close }) => close()));
  return found.map(({ port }) => port);
}

type Listening = { readonly port: number; readonly close: () => Promise<void> };

/** Only an address in use counts as taken: Docker may bind ports that this user may not. */
function listen(address: string, port: number): Promise<Listening | 'taken' | 'refused'> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' ? 'taken' : 'refused'),
    );
    server.listen({ host: address, port, exclusive: true }, () => {
      const bound = server.address();
      const close = () => new Promise<void>((closed) => server.close(() => closed()));
      if (port !== 0) return void close().then(() => resolve({ port, close: async () => {} }));
      resolve({ port: typeof bound === 'object' && bound !== null ? bound.port : 0, close });
    });
  });
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done, { once: true });
  });
}
