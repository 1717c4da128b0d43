import { describe, expect, test } from 'vitest';
import { fixture, scripted } from '../runner/fixtures/scripted.ts';
import { run, runJob, stepOf, use } from '../runner/job.ts';

describe.concurrent('the order and the result of a job', () => {
  const order = (job: {
    readonly steps: ReadonlyArray<{ id: string; stage: string; outcome: string }>;
  }): string[] => job.steps.map(({ id, stage, outcome }) => `${id} ${stage} ${outcome}`);

  test('posts run last to first after everything, and after failures', async () => {
    const steps = [
      scripted('', { id: 'a' }),
      scripted('process.exit(3)', { id: 'b' }),
      scripted('', { id: 'skipped' }),
      run('when it failed', ['true'], { if: 'failure()' }),
      run('in any case', ['true'], { if: 'always() && !cancelled()' }),
    ];
    const job = await runJob({ steps });
    expect(order(job)).toEqual([
      'a main success',
      'b main failure',
      'skipped main skipped',
      'when it failed main success',
      'in any case main success',
      'b post success',
      'a post success',
    ]);
    expect([job.conclusion, stepOf(job, 'b').exitCode]).toEqual(['failure', 3]);
  });

  test('a post of its own condition', async () => {
    const plain = use({ id: 'plain', action: fixture('plain') });
    const [green, red] = await Promise.all([
      runJob({ steps: [plain] }),
      runJob({ steps: [plain, run('breaks', ['false'])] }),
    ]);
    expect(order(green)).toEqual(['plain main success', 'plain post skipped']);
    expect(order(red)).toEqual(['plain main success', 'breaks main failure', 'plain post success']);
    expect(stepOf(red, 'breaks').annotations[0]?.message).toBe('Process completed with exit code 1.');
  });

  test('a failing post makes the job red; continue-on-error keeps it green', async () => {
    const [post, tolerated] = await Promise.all([
      runJob({ steps: [scripted('', { post: 'process.exit(1)' })] }),
      runJob({ steps: [scripted('process.exit(1)', { continueOnError: true }), run('after', ['true'])] }),
    ]);
    expect(post.conclusion).toBe('failure');
    expect(tolerated.conclusion).toBe('success');
    expect([stepOf(tolerated, 'it').outcome, stepOf(tolerated, 'it').conclusion]).toEqual([
      'failure',
      'success',
    ]);
  });

  test('an action that cannot be read is a failed step', async () => {
    const job = await runJob({ steps: [use({ id: 'gone', action: '/nonexistent' })] });
    expect(stepOf(job, 'gone').annotations[0]?.message).toContain('/nonexistent/action.yml');
    expect(job.conclusion).toBe('failure');
  });

  test('a function as a step: environment, programs, outputs, failure', async () => {
    const job = await runJob({
      files: { 'src/hello.txt': 'from the checkout' },
      env: { LEVEL: 'job' },
      steps: [
        run('reads', async ({ exec, env, print }) => {
          const { output } = await exec(['cat', 'src/hello.txt']);
          print(`${env['LEVEL']}: ${output}`);
          await exec(['sh', '-c', 'echo made=it >> "$GITHUB_OUTPUT"; echo ::warning::careful']);
          const { code } = await exec(['sh', '-c', 'exit 4'], { tolerate: true });
          expect(code).toBe(4);
        }),
        run('fails', ({ exec }) => exec(['sh', '-c', 'echo reason; exit 4']).then(() => undefined)),
      ],
    });
    expect(stepOf(job, 'reads').outputs).toEqual({ made: 'it' });
    expect(stepOf(job, 'reads').annotations).toHaveLength(1);
    expect(job.text).toContain('job: from the checkout');
    expect(stepOf(job, 'fails').annotations[0]?.message).toContain('exit code 4\nreason');
    expect(job.conclusion).toBe('failure');
  });
});
