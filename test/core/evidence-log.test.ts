import { describe, expect, test } from 'vitest';
import { writeLog } from '../../src/evidence/log.ts';
import type { EngineReader } from '../../src/io/docker.ts';
import { evidenceWorld, type Records, stampAt } from '../fakes/evidence.ts';

const out = (at: number, text: string) => ['stdout', `${stampAt(at)} ${text}\n`] as const;
const err = (at: number, text: string) => ['stderr', `${stampAt(at)} ${text}\n`] as const;
const numbered = (count: number, width = 69): Records =>
  Array.from({ length: count }, (_, at) => out(at, String(at).padEnd(width, '.')));

/** Writes a log of so many records with a budget in bytes. */
async function kept(records: Records | string, budget: number, change: Partial<EngineReader> = {}) {
  const { world } = evidenceWorld({ logs: { id: records } });
  const asked: (number | undefined)[] = [];
  const engine: EngineReader = {
    ...world.engine,
    readLog: (id, last, options) => {
      asked.push(last);
      return (change.readLog ?? world.engine.readLog)(id, last, options);
    },
  };
  let text = '';
  const put = async (more: string) => {
    text = `${text}${more}`;
  };
  const late = new AbortController();
  const facts = await writeLog({ id: 'id', budget, put, engine, signal: late.signal });
  return { text, facts, asked, lines: text.split('\n').slice(0, -1) };
}

describe('a log within its budget', () => {
  test('is kept whole, both streams in the order of time', async () => {
    const { text, facts, asked } = await kept([out(1, 'a'), out(3, 'c'), err(2, 'b'), err(4, 'd')], 1000);
    expect(text).toBe(`${stampAt(1)} a\n${stampAt(2)} b\n${stampAt(3)} c\n${stampAt(4)} d\n`);
    expect(facts).toEqual({ bytes: text.length, complete: true });
    expect(asked).toEqual([undefined]);
  });

  test('is kept whole up to the last byte of it', async () => {
    const { lines, facts } = await kept(numbered(10), 1010);
    expect(lines).toHaveLength(10);
    expect(facts).toEqual({ bytes: 1010, complete: true });
  });

  test('keeps whatever the program wrote', async () => {
    const bytes = Buffer.from('NUL \0 ANSI \u001b[31m CR \r UTF-8 é \ud83d\ude80 ', 'utf8').toString(
      'latin1',
    );
    const { text } = await kept([out(1, `${bytes}none \xff\xfe`), out(2, 'next')], 1000);
    expect(text).toBe(
      `${stampAt(1)} NUL \0 ANSI \u001b[31m CR \r UTF-8 é \ud83d\ude80 none \ufffd\ufffd\n${stampAt(2)} next\n`,
    );
  });

  test('says so where nothing was written', async () => {
    const { text, facts } = await kept([], 1000);
    expect(text).toBe('[infra-action] The container has written nothing.\n');
    expect(facts).toEqual({ bytes: 0, complete: true });
  });
});

describe('a log above its budget', () => {
  test('is kept as its beginning and its end, and the cut is named', async () => {
    const { lines, facts, asked, text } = await kept(numbered(10_000), 20_200);
    const at = lines.findIndex((line) => line.startsWith('[infra-action] The log is cut here'));
    const numbers = (some: readonly string[]) =>
      some.map((line) => Number(line.slice(31).replaceAll('.', '')));
    expect(numbers(lines.slice(0, at))).toEqual(Array.from({ length: 100 }, (_, index) => index));
    const end = numbers(lines.slice(at + 1));
    expect(end.at(-1)).toBe(9999);
    expect(end).toEqual(Array.from({ length: end.length }, (_, index) => 10_000 - end.length + index));
    expect(lines[at]).toContain(`from ${stampAt(99)} to ${stampAt(end[0] ?? 0)}`);
    expect(facts).toMatchObject({ complete: false, note: lines[at] });
    expect(text.length - (lines[at] ?? '').length).toBeLessThanOrEqual(20_201);
    expect(facts.bytes).toBe(text.length - (lines[at] ?? '').length - 1);
    expect(asked).toEqual([undefined, expect.any(Number)]);
  });

  test('is not read through', async () => {
    let read = 0;
    const { world } = evidenceWorld({ logs: { id: numbered(10_000) } });
    const readLog: EngineReader['readLog'] = (id, last, options) =>
      world.engine.readLog(id, last, {
        ...options,
        onOutput: (chunk, stream) => {
          read += chunk.length;
          return options.onOutput(chunk, stream);
        },
      });
    await kept([], 20_200, { readLog });
    expect(read).toBeLessThan(400_000);
  });

  test('tells how much is left out where that is known', async () => {
    const { facts, lines } = await kept(numbered(210), 20_200);
    expect(facts.leftOutBytes).toBe(21_210 - facts.bytes);
    expect(lines.join('\n')).toContain(`(${facts.leftOutBytes} bytes)`);
  });

  test('keeps the one line of the other stream at its end', async () => {
    const { lines } = await kept([...numbered(10_000), err(10_000, 'FATAL')], 20_200);
    expect(lines.at(-1)).toBe(`${stampAt(10_000)} FATAL`);
  });

  test('does not begin its end in the middle of a line', async () => {
    const long = ['stdout', `${stampAt(500)} ${'x'.repeat(16_384)}`] as const;
    const rest = ['stdout', `${stampAt(500)} half-a-secret\n`] as const;
    const all: Records = [...numbered(400), long, rest, out(501, 'end'), err(502, 'FATAL')];
    const { world } = evidenceWorld({ logs: { id: all } });
    // The last records are those from the second part of the long line on.
    const readLog: EngineReader['readLog'] = (id, last, options) =>
      world.engine.readLog(id, last === undefined ? undefined : 3, options);
    const { lines } = await kept([], 20_200, { readLog });
    expect(lines.slice(-2)).toEqual([`${stampAt(501)} end`, `${stampAt(502)} FATAL`]);
    expect(lines.join('\n')).not.toContain('half-a-secret');
  });

  test('asks for fewer records where those at its end are far larger', async () => {
    const large = Array.from({ length: 2000 }, (_, at) => out(20_000 + at, 'x'.repeat(4000)));
    const { lines, asked } = await kept([...numbered(10_000, 1), ...large], 20_200);
    expect(asked.length).toBeGreaterThan(2);
    expect(lines.at(-1)?.startsWith(stampAt(21_999))).toBe(true);
  });

  test('ends where one line without an end is all that comes', async () => {
    const endless: Records = [
      out(1, 'first'),
      ...Array.from({ length: 3000 }, () => ['stdout', 'x'.repeat(1000)] as const),
    ];
    const { lines, facts } = await kept(endless, 10_000);
    expect(lines[0]).toBe(`${stampAt(1)} first`);
    expect(lines[1]).toContain('The log is cut here');
    expect(facts.complete).toBe(false);
  });
});

describe('a log that cannot be had', () => {
  const refusal = 'Error response from daemon: configured logging driver does not support reading';

  test('is a note with Docker’s reason', async () => {
    const { text, facts } = await kept(refusal, 1000);
    expect(text).toBe(`[infra-action] The log ends here: ${refusal}\n`);
    expect(facts).toEqual({ bytes: 0, complete: false, note: text.trim() });
  });

  test('after a part of it is that part, and a note', async () => {
    const readLog: EngineReader['readLog'] = async (_id, _last, { onOutput, signal }) => {
      await onOutput(Buffer.from(`${stampAt(1)} a\n${stampAt(2)} begun`), 'stdout');
      return {
        command: [],
        exitCode: signal.aborted ? undefined : 1,
        stdout: '',
        stderr: '',
        timedOut: false,
        missing: false,
      };
    };
    const { text } = await kept([], 1000, { readLog });
    expect(text).toBe(
      `${stampAt(1)} a\n${stampAt(2)} begun\n[infra-action] The log ends here: Docker gave no log.\n`,
    );
  });

  test('in time ends with the last whole line', async () => {
    const { world } = evidenceWorld({});
    const late = new AbortController();
    const readLog: EngineReader['readLog'] = async (_id, _last, { onOutput }) => {
      await onOutput(Buffer.from(`${stampAt(1)} a\n${stampAt(2)} half-a-sec`), 'stdout');
      late.abort();
      return { command: [], exitCode: undefined, stdout: '', stderr: '', timedOut: false, missing: false };
    };
    let text = '';
    const put = async (more: string) => {
      text = `${text}${more}`;
    };
    const engine = { ...world.engine, readLog };
    const facts = await writeLog({ id: 'id', budget: 1000, put, engine, signal: late.signal });
    expect(text).toBe(
      `${stampAt(1)} a\n[infra-action] The log ends here: there was no time to read more of it.\n`,
    );
    expect(facts.complete).toBe(false);
  });
});
