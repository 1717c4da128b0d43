import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/io/command.ts';

const minute = { timeout: 60_000 };
const shell = (script: string) => ['bash', '-c', script] as const;

/** False once the process has ended, though nobody may have collected it yet. */
function lives(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const children = new Set<number>();

function born(line: string): number {
  children.add(Number(line));
  return Number(line);
}

afterAll(() => {
  for (const child of children) if (lives(child)) process.kill(child, 'SIGKILL');
});

async function untilDead(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200 && lives(pid); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return !lives(pid);
}

describe('a result', () => {
  test('has both streams and the exit code', async () => {
    expect(await runCommand(shell('echo out; echo err >&2; exit 3'), minute)).toEqual({
      command: shell('echo out; echo err >&2; exit 3'),
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
      missing: false,
    });
  });

  test('has no exit code after a signal', async () => {
    const result = await runCommand(shell('kill -9 $$'), minute);
    expect(result).toMatchObject({ exitCode: undefined, timedOut: false, missing: false });
  });

  test.each(['/does/not/exist', '/etc/passwd', '/etc'])('says that %s is no program', async (program) => {
    const result = await runCommand([program], minute);
    expect(result).toMatchObject({ exitCode: undefined, missing: true });
    expect(result.stderr).not.toBe('');
  });

  test.each([
    ['a NUL', ['echo', 'a\u0000b']],
    ['too many arguments', ['echo', ...Array.from({ length: 200_000 }, () => 'x'.repeat(100))]],
    ['no name', ['']],
  ] as const)('is a result even where the command cannot be tried: %s', async (_, argv) => {
    const result = await runCommand(argv as readonly [string, ...string[]], minute);
    expect(result).toMatchObject({ exitCode: undefined, timedOut: false });
    expect(result.stderr).not.toBe('');
  });
});

describe('a program', () => {
  test('gets its arguments as they are, by no shell', async () => {
    const result = await runCommand(['printf', '%s|', '$(id)', '; exit 1', '*', '"', '--'], minute);
    expect(result.stdout).toBe('$(id)|; exit 1|*|"|--|');
  });

  test('gets the environment and what is added', async () => {
    const result = await runCommand(shell('test -n "$PATH" && echo "$ADDED:path"'), {
      ...minute,
      env: { ADDED: 'a b' },
    });
    expect(result.stdout).toBe('a b:path\n');
  });

  test('is not asked anything', async () => {
    expect(await runCommand(['cat'], minute)).toMatchObject({ exitCode: 0, stdout: '' });
  });
});

describe('time', () => {
  test('ends the program and its children', async () => {
    let child = 0;
    const result = await runCommand(shell('sleep 600 & echo $!; wait'), {
      timeout: 400,
      onLine: (line) => {
        child = born(line);
      },
    });
    expect(result).toMatchObject({ exitCode: undefined, timedOut: true });
    expect(child).toBeGreaterThan(1);
    expect(await untilDead(child)).toBe(true);
  });

  test('ends the wait for a child that left the group and holds the pipes', async () => {
    let child = 0;
    const result = await runCommand(shell('setsid sleep 600 & echo $!; wait'), {
      timeout: 400,
      onLine: (line) => {
        child = born(line);
      },
    });
    expect(result.timedOut).toBe(true);
    process.kill(child, 'SIGKILL');
    expect(await untilDead(child)).toBe(true);
  });

  test('is enough for a program that ends in it', async () => {
    expect(await runCommand(shell('sleep 0.05'), minute)).toMatchObject({ exitCode: 0, timedOut: false });
  });
});

describe('an abort', () => {
  test('ends the program and its children', async () => {
    const abort = new AbortController();
    let child = 0;
    const result = await runCommand(shell('sleep 600 & echo $!; wait'), {
      ...minute,
      signal: abort.signal,
      onLine: (line) => {
        child = born(line);
        abort.abort();
      },
    });
    expect(result).toMatchObject({ exitCode: undefined, timedOut: false });
    expect(await untilDead(child)).toBe(true);
  });

  test('before the start ends it as well', async () => {
    const result = await runCommand(['sleep', '600'], { ...minute, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ exitCode: undefined, timedOut: false });
  });

  test('after the end changes nothing', async () => {
    const abort = new AbortController();
    const result = await runCommand(['echo', 'x'], { ...minute, signal: abort.signal });
    abort.abort();
    expect(result).toMatchObject({ exitCode: 0, stdout: 'x\n' });
  });
});

describe('output', () => {
  const flood = (size: string) => `head -c ${size} /dev/zero | tr '\\0' x`;

  test('of a flood is kept up to a limit, and the program ends well', async () => {
    const result = await runCommand(shell(`${flood('40M')}; ${flood('40M')} >&2; exit 5`), minute);
    expect(result.exitCode).toBe(5);
    for (const text of [result.stdout, result.stderr]) {
      expect(text.length).toBeGreaterThan(1024 * 1024);
      expect(text.length).toBeLessThan(9 * 1024 * 1024);
    }
  });

  test('is handed on line by line, and not kept', async () => {
    const lines: string[] = [];
    const onLine = (line: string) => void lines.push(line);
    const result = await runCommand(shell("printf 'a\\nb'; sleep 0.05; printf 'c\\n\\nd\\n'"), {
      ...minute,
      onLine,
    });
    expect(lines).toEqual(['a', 'bc', '', 'd']);
    expect(result.stdout).toBe('');
  });

  test('of one endless line is cut', async () => {
    const lengths: number[] = [];
    const onLine = (line: string) => void lengths.push(line.length);
    await runCommand(shell(`${flood('20M')}; echo; echo end`), { ...minute, onLine });
    expect(lengths).toHaveLength(2);
    expect(lengths[0]).toBeLessThan(1024 * 1024);
    expect(lengths[1]).toBe(3);
  });

  test('keeps letters that arrive in two pieces', async () => {
    const result = await runCommand(shell("printf '\\xc3'; sleep 0.05; printf '\\xa9'"), minute);
    expect(result.stdout).toBe('é');
  });
});
