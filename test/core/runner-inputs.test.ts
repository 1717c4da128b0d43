import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { printed, runMain, scripted } from '../runner/fixtures/scripted.ts';
import { run, runJob, stepOf } from '../runner/job.ts';

describe.concurrent('what an action is given', () => {
  test('inputs: names, defaults, what the caller gave, and a warning for a name that action.yml does not know', async () => {
    const show = "say(JSON.stringify(Object.entries(env).filter(([name]) => name.startsWith('INPUT_'))))";
    const job = await runJob({ steps: [scripted(show, { with: { Greeting: 'hi', unheard: 'x' } })] });
    const inputs = Object.fromEntries(JSON.parse(printed(stepOf(job, 'it').log)[0] ?? ''));
    expect(inputs).toEqual({
      INPUT_MAIN: show,
      INPUT_POST: '',
      INPUT_GREETING: 'hi',
      'INPUT_TWO_WORDS-DASHED': 'from octo/shop',
      'INPUT_NO-DEFAULT': '',
      INPUT_UNHEARD: 'x',
    });
    const message = expect.stringMatching(
      /^Unexpected input\(s\) 'unheard', valid inputs are \['main', 'post', /,
    );
    expect(stepOf(job, 'it').annotations).toEqual([expect.objectContaining({ level: 'warning', message })]);
  });

  test('the environment of a runner in folders of its own, and nothing else of this process', async () => {
    process.env['OF_THE_TEST_ALONE'] = 'leaked';
    const show =
      'say(JSON.stringify({ ...env, cwd: process.cwd(), event: read(env.GITHUB_EVENT_PATH), v: process.version }))';
    const { step } = await runMain(show, {
      github: { run_attempt: '3', job: 'build' },
      event: { number: 7 },
    });
    const env = JSON.parse(printed(step.log)[0] ?? '');
    expect(env).toMatchObject({
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_RUN_ATTEMPT: '3',
      GITHUB_JOB: 'build',
    });
    expect(env).toMatchObject({ RUNNER_OS: 'Linux', GITHUB_ACTION: 'it', event: '{"number":7}' });
    expect(env.cwd).toBe(env.GITHUB_WORKSPACE);
    expect(env.v).toMatch(/^v24\./);
    expect(env).not.toHaveProperty('OF_THE_TEST_ALONE');
    expect(env).not.toHaveProperty('GITHUB_TOKEN');
    expect(existsSync(env.RUNNER_TEMP)).toBe(false);
  });

  test('what the job’s services are, for actions alone', async () => {
    const show = 'echo "results at $ACTIONS_RESULTS_URL."';
    const steps = [scripted('say(env.ACTIONS_RESULTS_URL)'), run('later', ['sh', '-c', show])];
    const job = await runJob({ steps, actionEnv: { ACTIONS_RESULTS_URL: 'http://127.0.0.1:1/' } });
    expect(printed(stepOf(job, 'it').log)).toEqual(['http://127.0.0.1:1/']);
    expect(printed(stepOf(job, 'later').log)).toEqual(['results at .']);
  });
});
