import { describe, expect, test } from 'vitest';
import { printed, runMain, scripted } from '../runner/fixtures/scripted.ts';
import { run, runJob, stepOf } from '../runner/job.ts';

describe.concurrent('what an action prints', () => {
  test('commands are obeyed, with escapes and properties; everything else is log', async () => {
    const { step } = await runMain(`
      say('::error title=a%2Cb%3A%25,file=x.ts,line=3::one%0Atwo %253A');
      say('  ::warning::indented'); console.error('::notice::from stderr');
      say('##[warning]older form'); say('::unknown::x'); say('text ::error::inside');
      say('::group::Pull'); say('inside'); say('::endgroup::'); say('::debug::unseen');`);
    expect(
      step.annotations.map(({ level, title, message }) => `${level} ${title}|${message}`).sort(),
    ).toEqual([
      'error a,b:%|one\ntwo %3A',
      'notice |from stderr',
      'warning |indented',
      'warning |older form',
    ]);
    expect(step.annotations.find(({ level }) => level === 'error')?.properties).toMatchObject({
      file: 'x.ts',
      line: '3',
    });
    const rest = printed(step.log).filter((line) => !/^##\[(error|warning|notice)/.test(line));
    expect(rest).toEqual(['::unknown::x', 'text ::error::inside', '##[group]Pull', 'inside', '##[endgroup]']);
  });

  test('debug lines are seen in a debug run', async () => {
    const { step } = await runMain("say('::debug::seen ' + env.RUNNER_DEBUG)", { debug: true });
    expect(printed(step.log)).toEqual(['##[debug]seen 1']);
  });

  test('ten annotations of a kind; the log has them all', async () => {
    const { step } = await runMain(
      "for (let i = 0; i < 12; i++) { say('::error::e' + i); say('::warning::w' + i) }",
    );
    const messages = step.annotations.map(({ message }) => message);
    expect(messages.filter((text) => text.startsWith('e'))).toHaveLength(10);
    expect(messages.filter((text) => text.startsWith('w'))).toHaveLength(10);
    expect(step.log).toContain('##[error]e11');
  });

  test('between stop-commands and its token nothing is a command, not even another token', async () => {
    const { step } = await runMain(`
      say('::stop-commands::token-of-this-run'); say('::error::not one'); say('::other::');
      say('::token-of-this-run::'); say('::error::one');`);
    expect(step.annotations.map(({ message }) => message)).toEqual(['one']);
    expect(printed(step.log)).toEqual([
      '::stop-commands::***',
      '::error::not one',
      '::other::',
      '::***::',
      '##[error]one',
    ]);
  });

  test('a lone carriage return starts a line, and so a command', async () => {
    const { step } = await runMain("say('progress\\r::error::smuggled\\r\\nend')");
    expect(step.annotations.map(({ message }) => message)).toEqual(['smuggled']);
    expect(printed(step.log)).toEqual(['progress', '##[error]smuggled', 'end']);
  });

  test('a mask hides a value, its lines and its encodings in everything printed later, and in the summary', async () => {
    const secret = 'hush"now&then';
    const main = `
      const secret = ${JSON.stringify(secret)};
      say('::add-mask::' + secret + '%0Asecond-line');
      say(secret); say('x' + Buffer.from(secret).toString('base64')); say(JSON.stringify({ secret }));
      say(encodeURIComponent(secret)); say('second-line' + secret + '.');
      say('::error::' + secret); file('GITHUB_STEP_SUMMARY', secret); file('GITHUB_ENV', 'SECRET=' + secret + '\\n');`;
    const job = await runJob({ steps: [scripted(main), run('later', ['true'])] });
    const { log, summary, annotations } = stepOf(job, 'it');
    expect(printed(log)).toEqual(['***', 'x***', '{"secret":"***"}', '***', '***.', '##[error]***']);
    expect([summary, annotations[0]?.message]).toEqual(['***', '***']);
    expect(stepOf(job, 'later').log).toContain('  SECRET: ***');
  });

  test('an exported value that nobody masked is public in the next step’s header', async () => {
    const job = await runJob({
      steps: [scripted("file('GITHUB_ENV', 'TOKEN=abc\\n')"), run('later', ['true'])],
    });
    expect(stepOf(job, 'later').log).toContain('  TOKEN: abc');
  });

  test('commands that are no more fail the step', async () => {
    const { step } = await runMain("say('::set-env name=A::1')");
    expect([step.outcome, step.exitCode]).toEqual(['failure', 0]);
    expect(step.annotations[1]?.message).toContain('`set-env` command is disabled');
  });
});
