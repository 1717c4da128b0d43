import { describe, expect, test } from 'vitest';
import type { OutputStream } from '../../src/core/command.ts';
import { runCommand } from '../../src/io/command.ts';

const minute = { timeout: 60_000 };
const shell = (script: string) => ['bash', '-c', script] as const;
const flood = "head -c 40M /dev/zero | tr '\\0' x";
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('output that is handed on', () => {
  test('comes as bytes, from both streams, and is not kept', async () => {
    const seen: Record<OutputStream, Buffer[]> = { stdout: [], stderr: [] };
    const result = await runCommand(shell("printf '\\xff\\0a'; echo err >&2; exit 3"), {
      ...minute,
      onOutput: (chunk, stream) => void seen[stream].push(chunk),
    });
    expect(Buffer.concat(seen.stdout)).toEqual(Buffer.from([0xff, 0, 0x61]));
    expect(Buffer.concat(seen.stderr).toString()).toBe('err\n');
    expect(result).toMatchObject({ exitCode: 3, stdout: '', stderr: '', timedOut: false, missing: false });
  });

  test('of a flood comes whole, piece after piece, never two at once', async () => {
    let bytes = 0;
    let largest = 0;
    let inside = 0;
    let most = 0;
    const onOutput = async (chunk: Buffer) => {
      inside += 1;
      most = Math.max(most, inside);
      await turn();
      bytes += chunk.length;
      largest = Math.max(largest, chunk.length);
      inside -= 1;
    };
    const result = await runCommand(shell(`${flood} & ${flood} >&2; wait`), { ...minute, onOutput });
    expect(result.exitCode).toBe(0);
    expect(bytes).toBe(2 * 40 * 1024 * 1024);
    expect(most).toBe(1);
    expect(largest).toBeLessThan(1024 * 1024);
  });

  test('holds the program up while its reader is busy', async () => {
    const [begun, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let calls = 0;
    const running = runCommand(shell(`${flood}; echo done >&2`), {
      ...minute,
      onOutput: async (_, stream) => {
        calls += 1;
        expect(stream === 'stderr' && calls === 1).toBe(false);
        begun.resolve();
        if (calls === 1) await release.promise;
      },
    });
    await begun.promise;
    for (let turns = 0; turns < 1000; turns += 1) await turn();
    expect(calls).toBe(1);
    release.resolve();
    expect((await running).exitCode).toBe(0);
    expect(calls).toBeGreaterThan(100);
  });
});

describe('a reader', () => {
  test('that has enough ends the program, and is given nothing more', async () => {
    const stop = new AbortController();
    let calls = 0;
    const result = await runCommand(shell('yes & yes >&2'), {
      ...minute,
      signal: stop.signal,
      onOutput: () => {
        calls += 1;
        if (calls === 5) stop.abort();
      },
    });
    expect(result).toMatchObject({ exitCode: undefined, timedOut: false, missing: false });
    expect(calls).toBe(5);
  });

  test.each([
    [
      'at once',
      () => {
        throw new Error('disk full');
      },
    ],
    ['later', () => turn().then(() => Promise.reject(new Error('disk full')))],
  ])('that fails %s ends the program, and its error is thrown on', async (_, onOutput) => {
    await expect(runCommand(shell('yes & yes >&2'), { ...minute, onOutput })).rejects.toThrow('disk full');
  });

  test('of a program that does not end in time is given up', async () => {
    const result = await runCommand(shell('echo x; sleep 600'), { timeout: 300, onOutput: () => {} });
    expect(result).toMatchObject({ exitCode: undefined, timedOut: true });
  });

  test('of a program that is not there hears nothing', async () => {
    let calls = 0;
    const onOutput = () => {
      calls += 1;
    };
    expect(await runCommand(['/does/not/exist'], { ...minute, onOutput })).toMatchObject({ missing: true });
    expect(calls).toBe(0);
  });
});
