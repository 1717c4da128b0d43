import { expect, test } from 'vitest';
import type { Command } from '../../src/core/command.ts';
import { dockerCli } from '../../src/io/docker.ts';
import { fine } from '../fakes/command.ts';

/** A client that prints a line, and ends only when it is made to. */
const prints =
  (line: string, ends: boolean): Command =>
  async (_argv, { signal, onLine }) => {
    onLine?.(line);
    if (ends) return fine;
    if (signal?.aborted === false)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    return { ...fine, exitCode: undefined };
  };

test.each(['Login prior to pull:', 'Please login prior to pull:'])(
  'a pull ends as refused when the client asks for a login: %s',
  async (line) => {
    const docker = dockerCli(prints(line, false));
    const result = await docker.pull('a:1', undefined, new AbortController().signal);
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^unauthorized: /) });
  },
);

test('a pull that asks for nothing ends as it does', async () => {
  expect(
    await dockerCli(prints('docker.io/library/a:1', true)).pull(
      'a:1',
      undefined,
      new AbortController().signal,
    ),
  ).toBe(fine);
});
