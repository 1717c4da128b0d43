import { describe, expect, test } from 'vitest';
import { type JobResult, run, stepOf } from '../runner/job.ts';
import { bring, checked, failureOf, freePort, redis, redisEntry } from './caller-stack.ts';

/** As `printf` of the shell writes it. Every line would do something if the runner read it as a command. */
const lines = [
  '::error::forged error',
  '::warning title=forged::forged warning',
  '  ::notice::forged notice',
  '\\r::error::forged after a carriage return',
  '##[error]forged the older way',
  'text before ##[add-mask]harmless-word',
  '::add-mask::harmless-word',
  '::save-state name=infra-action::forged state',
  '::set-output name=project-name::forged output',
  '::stop-commands::pause',
  '\\033[31mred\\033[0m \\000 \\377\\376 \\303',
  '::error::the last line, without an end',
];

const print = `printf '%b' '${lines.join('\\n')}'`;

/** A later step whose own commands must still be obeyed, and whose words must still be readable. */
const afterwards = run('afterwards', ({ print: say }) => say('::notice::harmless-word'), {
  id: 'afterwards',
  if: 'always()',
});

function expectUntouched(job: JobResult): void {
  const notices = stepOf(job, 'afterwards').annotations;
  expect(notices, job.text).toMatchObject([{ level: 'notice', message: 'harmless-word' }]);
  expect(stepOf(job, 'stack', 'post').annotations, job.text).toEqual([]);
}

describe('output of a container that looks like workflow commands', { timeout: 45_000 }, () => {
  test('has no effect when its log is shown', async () => {
    const job = await bring(
      { services: { ledger: checked(`${print}; exit 1`, 'false') } },
      { later: [afterwards] },
    );
    const errors = stepOf(job, 'stack').annotations;
    expect(errors, job.text).toHaveLength(1);
    expect(errors[0]).toMatchObject({ level: 'error', title: 'infra-action: ledger: SERVICE_EXITED' });
    expect(errors[0]?.message).toContain('the last line, without an end');
    expect(stepOf(job, 'stack').outputs).toMatchObject({ 'project-name': job.project });
    expect(JSON.stringify(stepOf(job, 'stack').outputs)).not.toContain('forged');
    expectUntouched(job);
  });

  test('has no effect as the answer of a probe, however long it is waited for', async () => {
    const port = await freePort();
    const exchange = [
      {
        send: [{ text: 'ECHO "##[add-mask]harmless-word"\r\n' }],
        expect: { starts: [{ text: '$25' }], contains: [{ text: 'never said' }] },
      },
    ];
    const job = await bring(
      {
        services: { ledger: redis(port) },
        'x-paklog': {
          systems: { ledger: { ...redisEntry(), probe: [{ tcp: { endpoint: 'redis', exchange } }] } },
        },
      },
      { with: { timeout: '18s' }, later: [run('never', () => {}), afterwards] },
    );
    const errors = stepOf(job, 'stack').annotations;
    expect(errors, job.text).toMatchObject([{ level: 'error', title: 'infra-action: ledger: NOT_READY' }]);
    expect(job.text).toMatch(/ledger +starting: .*add-mask\]harmless-word/);
    expectUntouched(job);
  });
});

test('a description of a failure is one annotation, however many lines its log has', {
  timeout: 30_000,
}, async () => {
  const flood =
    'i=0; while [ $i -lt 20000 ]; do echo "::error::line $i of the flood"; i=$((i+1)); done; exit 1';
  const job = await bring({ services: { ledger: checked(flood, 'false') } });
  const { message } = await failureOf(job);
  expect(message).toContain('line 19999 of the flood');
  expect(message).not.toContain('line 19000 of the flood');
});
