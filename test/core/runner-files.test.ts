import { describe, expect, test } from 'vitest';
import { fixture, printed, runMain, scripted } from '../runner/fixtures/scripted.ts';
import { run, runJob, stepOf } from '../runner/job.ts';
import { listProcesses } from '../runner/process-table.ts';

describe.concurrent('what an action leaves', () => {
  test('outputs, state for its post alone, variables and PATH for later steps, a summary', async () => {
    const main = `
      file('GITHUB_OUTPUT', 'plain=1=2\\nlong<<EOF-1\\nfirst\\n\\nthird\\nEOF-1\\nempty<<E\\nE\\n');
      file('GITHUB_STATE', 'kept=for post\\n');
      file('GITHUB_ENV', 'EXPORTED<<X\\na\\nb\\nX\\nGITHUB_REPOSITORY=forged\\n');
      file('GITHUB_PATH', '/first\\n/second\\n');
      file('GITHUB_STEP_SUMMARY', '# Done\\n');`;
    const shell = 'printf "%s|" "$EXPORTED" "$PATH" "$STATE_kept" "$GITHUB_REPOSITORY"';
    const steps = [
      scripted(main, { post: 'say("state: " + env.STATE_kept)' }),
      run('later', ['sh', '-c', shell]),
    ];
    const job = await runJob({ steps });
    const { outputs, summary } = stepOf(job, 'it');
    expect({ outputs, summary }).toEqual({
      outputs: { plain: '1=2', long: 'first\n\nthird', empty: '' },
      summary: '# Done\n',
    });
    expect(printed(stepOf(job, 'later').log).join('\n')).toBe(
      `a\nb|/second:/first:${process.env['PATH']}||octo/shop|`,
    );
    expect(stepOf(job, 'it', 'post').log).toEqual(['Post job cleanup.', 'state: for post']);
    expect(job.env).toEqual({ EXPORTED: 'a\nb', GITHUB_REPOSITORY: 'forged' });
  });

  test.for([
    [
      'no delimiter',
      'name<<\n',
      "Invalid format 'name<<'. Name must not be empty and delimiter must not be empty",
    ],
    ['no end', 'name<<EOF\nvalue\n', "Invalid value. Matching delimiter not found 'EOF'"],
    ['no line break at the end', 'name<<EOF\nvalue', 'Invalid value. EOF marker missing new line.'],
    ['neither = nor <<', 'name\n', "Invalid format 'name'"],
  ])('a mistake in a command file fails the step: %s', async ([, text, reason]) => {
    const { job, step } = await runMain(`file('GITHUB_OUTPUT', ${JSON.stringify(`before=1\n${text}`)})`);
    expect(step.annotations.map(({ message }) => message)).toEqual([
      "Unable to process file command 'output' successfully.",
      reason,
    ]);
    expect([step.outcome, step.exitCode, job.conclusion]).toEqual(['failure', 0, 'failure']);
    expect(step.outputs).toEqual({ before: '1' });
  });

  test('NODE_OPTIONS is not exported', async () => {
    const { job, step } = await runMain("file('GITHUB_ENV', 'NODE_OPTIONS=--inspect\\nOTHER=1\\n')");
    expect(job.env).toEqual({ OTHER: '1' });
    expect(step.annotations[0]?.message).toContain("Can't store NODE_OPTIONS");
  });

  test('a summary of 1 MiB is kept; one byte more is lost and said, and the step stays green', async () => {
    const write = (size: number): string => `file('GITHUB_STEP_SUMMARY', 'x'.repeat(${size}))`;
    const [kept, lost] = await Promise.all([runMain(write(1024 ** 2)), runMain(write(1024 ** 2 + 1))]);
    expect([kept.step.summary.length, kept.step.annotations.length]).toEqual([1024 ** 2, 0]);
    expect([lost.step.summary, lost.step.outcome]).toEqual(['', 'success']);
    expect(lost.step.annotations[0]?.message).toContain('$GITHUB_STEP_SUMMARY upload aborted');
  });

  test('the files and programs it forgot are named, and gone afterwards', async () => {
    const job = await runJob({
      steps: [
        scripted(`
          const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }); child.unref();
          const { writeFileSync } = process.getBuiltinModule('node:fs');
          const { tmpdir } = process.getBuiltinModule('node:os');
          writeFileSync(env.RUNNER_TEMP + '/kept.env', ''); writeFileSync(tmpdir() + '/forgotten', '');
          say('pid ' + child.pid);`),
      ],
    });
    expect(job.orphans).toEqual(['sleep']);
    expect(job.left).toEqual(['temp/kept.env', 'tmp/forgotten']);
    const pid = Number(/^pid (\d+)$/m.exec(job.text)?.[1]);
    expect(listProcesses().filter((entry) => entry.pid === pid)).toEqual([]);
  });

  test('its own time and peak memory, not its children’s', async () => {
    const burn = (ms: number): string => `const end = Date.now() + ${ms}; while (Date.now() < end);`;
    const [idle, busy] = await Promise.all([
      runMain(
        `process.getBuiltinModule('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(burn(800))}])`,
      ),
      runMain(`const kept = Buffer.alloc(200e6, 1); const until = process.cpuUsage().user + 500e3;
               while (process.cpuUsage().user < until); say(kept.length)`),
    ]);
    expect(idle.step.usage?.cpuSeconds).toBeLessThan(0.5);
    expect(busy.step.usage?.cpuSeconds).toBeGreaterThanOrEqual(0.5);
    expect(idle.step.usage?.maxRssBytes).toBeLessThan(150e6);
    expect(busy.step.usage?.maxRssBytes).toBeGreaterThan(200e6);
  });

  test('a process that a signal has ended has no figures, whatever its forks report', async () => {
    const { step } = await runMain(`const { fork } = process.getBuiltinModule('node:child_process');
      await new Promise((ended) => fork(${JSON.stringify(`${fixture('plain')}/main.js`)}).on('exit', ended));
      process.kill(process.pid, 'SIGKILL'); await sleep(60_000);`);
    expect(step.log).toContain('main ran');
    expect([step.outcome, step.exitCode, step.usage]).toEqual(['failure', undefined, undefined]);
  });
});
