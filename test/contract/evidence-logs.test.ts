import { describe, expect, test } from 'vitest';
import { script } from '../scenarios/caller-stack.ts';
import { evidenceOf, run, secret, untilExited } from './collected.ts';

/** The lines of a log without their stamps, which must be in order. */
function spoken(log: string): readonly string[] {
  const lines = log.split('\n').slice(0, -1);
  const stamps = lines.map((line) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z(?= )/.exec(line)?.[0] ?? line);
  expect(stamps).toEqual([...stamps].sort());
  return lines.map((line, index) => line.slice((stamps[index] ?? '').length + 1));
}

describe('the log of a container', { timeout: 60_000 }, () => {
  test('has both streams in their order, long lines in one piece, and whatever bytes were written', async () => {
    const flood = (bytes: number, letter: string) => `head -c ${bytes} /dev/zero | tr '\\0' ${letter}`;
    const environment = { environment: { DB_PASSWORD: secret } };
    const { project, ids } = await run({
      streams: script('for i in 1 2 3; do echo "out $i"; sleep 0.05; echo "err $i" >&2; sleep 0.05; done'),
      long: script(
        `${flood(16_375, 'x')}; printf %s "$DB_PASSWORD"; ${flood(24_000, 'y')}; echo`,
        environment,
      ),
      huge: script(`${flood(10_000_000, 'z')}; echo; echo after`),
      odd: script("printf 'NUL \\0 ANSI \\033[31m CR \\r bad \\377\\376 good \\303\\251\\nno line end'"),
      quiet: script('true'),
      mute: script('echo x', { logging: { driver: 'none' } }),
    });
    await using _ = project;
    await untilExited(project, ids, [...ids.keys()]);
    const { text, evidence } = await evidenceOf(project.name);
    expect(spoken(text('streams/log.txt'))).toEqual(['out 1', 'err 1', 'out 2', 'err 2', 'out 3', 'err 3']);
    expect(spoken(text('long/log.txt'))).toEqual([`${'x'.repeat(16_375)}***${'y'.repeat(24_000)}`]);
    expect(spoken(text('huge/log.txt')).map((line) => line.length)).toEqual([10_000_000, 5]);
    expect(spoken(text('odd/log.txt'))).toEqual([
      'NUL \0 ANSI \u001b[31m CR \r bad \ufffd\ufffd good é',
      'no line end',
    ]);
    expect(text('quiet/log.txt')).toContain('The container has written nothing');
    expect(text('mute/log.txt')).toMatch(/The log ends here: .*does not support reading/);
    expect(evidence.warnings).toEqual([]);
  });

  test('above its budget is its beginning and its end, with the cut named', async () => {
    const count =
      'i=0; while [ $i -lt 40000 ]; do echo "line $i of many that fill the log"; i=$((i+1)); done';
    const { project, ids } = await run({ chatty: script(`${count}; sleep 0.2; echo FATAL >&2`) });
    await using _ = project;
    await untilExited(project, ids, ['chatty']);
    const { text, json } = await evidenceOf(project.name, { limits: { log: 200_000 } });
    const lines = text('chatty/log.txt').split('\n').slice(0, -1);
    const cut = lines.findIndex((line) => line.startsWith('[infra-action] The log is cut here'));
    const numbers = (some: readonly string[]) => some.map((line) => Number(/ line (\d+) /.exec(line)?.[1]));
    const [head, tail] = [numbers(lines.slice(0, cut)), numbers(lines.slice(cut + 1, -1))];
    expect(head).toEqual(Array.from({ length: head.length }, (_, index) => index));
    expect(tail).toEqual(Array.from({ length: tail.length }, (_, index) => 40_000 - tail.length + index));
    expect(Math.min(head.length, tail.length)).toBeGreaterThan(1000);
    expect(lines.at(-1)).toMatch(/Z FATAL$/);
    expect(lines[cut]).toContain(`from ${lines[cut - 1]?.slice(0, 30)} to ${lines[cut + 1]?.slice(0, 30)}`);
    expect(text('chatty/log.txt').length).toBeLessThan(201_000);
    expect(json('report.json').systems[0].containers[0].log).toMatchObject({
      complete: false,
      note: lines[cut],
    });
  });
});
