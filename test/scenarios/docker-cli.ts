import { execFile } from 'node:child_process';

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly output: string;
}

/** The `docker` command on the real engine. A failure is a result, too. */
export function docker(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Said> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 };
    execFile('docker', args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout: stdout.trim(), output: `${stdout}${stderr}` });
    });
  });
}
