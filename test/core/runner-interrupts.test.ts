import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { run, runJob, stepOf, use } from '../runner/job.ts';
import { listProcesses } from '../runner/process-table.ts';

const action = fileURLToPath(new URL('../runner/fixtures/scripted', import.meta.url));
const grace = { interruptMs: 5000, terminateMs: 300 };

function scripted(main: string, post = "say('cleaned up')") {
  return use({ id: 'it', action, with: { main, post } });
}

const forever = 'await sleep(600_000);';
const deaf =
  "for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => say(name + ' ' + Date.now()));";
const started = { what: 'cancel', when: /^started$/ } as const;
const ran = (job: {
  readonly steps: ReadonlyArray<{ id: string; stage: string; outcome: string }>;
}): string[] => job.steps.map(({ id, stage, outcome }) => `${id} ${stage} ${outcome}`);

describe.concurrent('cancellation', () => {
  test('SIGINT goes to the entry alone; what follows is skipped, posts and always() run', async () => {
    const job = await runJob({
      grace,
      interrupts: [started],
      steps: [
        scripted(`
          const child = spawn(process.execPath, ['-e', "process.on('SIGINT', () => console.log('child heard'));" +
            "setTimeout(() => {}, 600000); console.log('started')"], { stdio: 'inherit' });
          process.on('SIGINT', () => { say('heard'); child.kill('SIGKILL'); process.exit(0) }); ${forever}`),
        run('next', ['true']),
        run('if it failed', ['true'], { if: 'failure()' }),
        run('tidy', ['true'], { if: 'always()' }),
      ],
    });
    expect(ran(job)).toEqual([
      'it main cancelled',
      'next main skipped',
      'if it failed main skipped',
      'tidy main success',
      'it post success',
    ]);
    expect(job.conclusion).toBe('cancelled');
    expect(stepOf(job, 'it').log).toContain('heard');
    expect(stepOf(job, 'it').log).not.toContain('child heard');
    expect(job.text).toContain('##[error]The operation was canceled.');
  });

  test('SIGTERM 7.5 s after SIGINT, SIGKILL 2.5 s after that; what it started ends with the job', async () => {
    const began = Date.now();
    const job = await runJob({
      interrupts: [started],
      steps: [
        scripted(
          `${deaf} const child = spawn('sleep', ['600'], { stdio: 'ignore' }); say('pid ' + child.pid);
          file('GITHUB_STATE', 'saved=before\\n'); say('started'); ${forever}`,
          "say('state: ' + env.STATE_saved)",
        ),
      ],
    });
    const at = (name: string): number => Number(new RegExp(`${name} (\\d+)`).exec(job.text)?.[1]);
    expect(at('SIGINT')).toBeGreaterThanOrEqual(began);
    expect(at('SIGTERM') - at('SIGINT')).toBeGreaterThan(7400);
    expect(Date.now() - at('SIGTERM')).toBeGreaterThan(2400);
    expect(stepOf(job, 'it').usage).toBeUndefined();
    expect(stepOf(job, 'it', 'post').log).toContain('state: before');
    expect(job.orphans).toEqual(['sleep']);
    const pid = Number(/^pid (\d+)$/m.exec(job.text)?.[1]);
    expect(listProcesses().filter((entry) => entry.pid === pid)).toEqual([]);
  }, 30_000);

  test('a post that runs when the job is cancelled is not disturbed', async () => {
    const job = await runJob({
      grace,
      interrupts: [{ what: 'cancel', when: /^post started$/ }],
      steps: [scripted('', "say('post started'); await sleep(1000); say('post done')")],
    });
    expect(ran(job)).toEqual(['it main success', 'it post success']);
    expect(job.text).toContain('post done');
    expect(job.conclusion).toBe('cancelled');
  });

  test('between steps, and by a promise before anything runs', async () => {
    const steps = [run('first', ['true']), run('second', ['true'])];
    const [between, atOnce] = await Promise.all([
      runJob({ steps, interrupts: [{ what: 'cancel', when: { after: 'first' } }] }),
      runJob({
        steps: [scripted(forever), ...steps],
        grace,
        interrupts: [{ what: 'cancel', when: Promise.resolve() }],
      }),
    ]);
    expect(ran(between)).toEqual(['first main success', 'second main skipped']);
    expect(stepOf(atOnce, 'second').outcome).toBe('skipped');
    expect(atOnce.conclusion).toBe('cancelled');
  });

  test('a function is told, its programs end, and the job does not wait for it', async () => {
    let told = false;
    const job = await runJob({
      grace,
      interrupts: [started],
      steps: [
        run('waits', async ({ exec, signal }) => {
          signal.addEventListener('abort', () => {
            told = true;
          });
          await exec(['sh', '-c', 'echo started; exec sleep 600'], { tolerate: true });
          await new Promise(() => undefined);
        }),
      ],
    });
    expect([stepOf(job, 'waits').outcome, told, job.orphans]).toEqual(['cancelled', true, []]);
  });

  test('a step past its timeout-minutes fails, a job past its own is cancelled', async () => {
    const late = {
      ...scripted(`process.on('SIGINT', () => process.exit(0)); ${forever}`),
      timeoutMinutes: 0.01,
    };
    const [step, job] = await Promise.all([
      runJob({ steps: [late], grace }),
      runJob({ steps: [{ ...late, timeoutMinutes: undefined }], timeoutMinutes: 0.01, grace }),
    ]);
    expect(ran(step)).toEqual(['it main failure', 'it post success']);
    expect(stepOf(step, 'it').annotations[0]?.message).toMatch(/has timed out after 0.01 minutes/);
    expect([ran(job)[0], job.conclusion]).toEqual(['it main cancelled', 'cancelled']);
  });
});

describe.concurrent('sudden ends', () => {
  const parent = `const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    file('GITHUB_STATE', 'saved=before\\n'); say('started'); ${forever}`;

  test('a killed main fails its step, post still runs with the state saved; its children live on until the end', async () => {
    const job = await runJob({
      interrupts: [{ what: 'kill', when: /^started$/ }],
      steps: [scripted(parent, "say('state: ' + env.STATE_saved)"), run('next', ['true'])],
    });
    expect(ran(job)).toEqual(['it main failure', 'next main skipped', 'it post success']);
    expect(stepOf(job, 'it').exitCode).toBeUndefined();
    expect(job.text).toContain('state: before');
    expect([job.conclusion, job.orphans]).toEqual(['failure', ['sleep']]);
  });

  test('a killed tree leaves nothing behind', async () => {
    const job = await runJob({
      interrupts: [{ what: 'kill-tree', when: /^started$/ }],
      steps: [scripted(parent)],
    });
    expect([ran(job), job.orphans]).toEqual([['it main failure', 'it post success'], []]);
  });

  test('when the runner dies there is no post', async () => {
    const job = await runJob({
      interrupts: [{ what: 'runner-died', when: /^started$/ }],
      steps: [scripted(parent), run('tidy', ['true'], { if: 'always()' })],
    });
    expect([ran(job), job.conclusion, job.orphans]).toEqual([['it main failure'], 'failure', []]);
  });

  test('a child that keeps the output open holds the step up for five seconds, no longer', async () => {
    const began = Date.now();
    const job = await runJob({
      steps: [
        scripted(
          "spawn('sleep', ['600'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] }).unref()",
        ),
      ],
    });
    expect(stepOf(job, 'it').outcome).toBe('success');
    expect(Date.now() - began).toBeGreaterThan(4900);
    expect(job.orphans).toEqual(['sleep']);
  }, 15_000);
});
