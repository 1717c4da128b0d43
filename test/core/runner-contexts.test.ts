import { describe, expect, test } from 'vitest';
import { type Contexts, interpolate } from '../runner/contexts.ts';
import { fixture, scripted } from '../runner/fixtures/scripted.ts';
import { type JobOptions, run, runJob, stepOf, use } from '../runner/job.ts';

/** What the defaults of an action's inputs became, in its main or its post. */
async function told(options: Partial<JobOptions> & { readonly part?: 'main' | 'post' } = {}) {
  const { part = 'main', steps = [], ...rest } = options;
  const job = await runJob({ ...rest, steps: [use({ id: 'told', action: fixture('told') }), ...steps] });
  const line = stepOf(job, 'told', part).log.find((text) => text.startsWith('inputs ')) ?? '';
  return JSON.parse(line.slice('inputs '.length)) as Record<string, string>;
}

describe.concurrent('contexts in the defaults of inputs', () => {
  test('a job without a matrix', async () => {
    expect(await told()).toEqual({
      INPUT_STATUS: 'success',
      INPUT_MATRIX: 'null',
      INPUT_PLACE: 'octo/shop 0/1 on Linux',
      INPUT_EVENT: '',
      INPUT_OS: '',
    });
  });

  test('an entry of a matrix, printed as the runner prints it', async () => {
    const matrix = { os: 'ubuntu', java: [17, 21], deep: { flag: true, nothing: {} }, none: [] };
    const inputs = await told({ matrix, strategy: { 'job-index': 2, 'job-total': 6 }, event: { number: 7 } });
    expect(inputs).toMatchObject({
      INPUT_PLACE: 'octo/shop 2/6 on Linux',
      INPUT_EVENT: '7',
      INPUT_OS: 'ubuntu',
    });
    expect(inputs['INPUT_MATRIX']).toBe(
      '{\n  "os": "ubuntu",\n  "java": [\n    17,\n    21\n  ],\n' +
        '  "deep": {\n    "flag": true,\n    "nothing": {}\n  },\n  "none": []\n}',
    );
  });

  test.for([
    ['success', {}],
    ['failure', { steps: [run('breaks', ['false'])] }],
    ['success', { steps: [run('tolerated', ['false'], { continueOnError: true })] }],
    ['cancelled', { interrupts: [{ what: 'cancel', when: { after: 'told' } }] }],
    ['failure', { steps: [scripted('', { post: 'process.exit(1)' })] }],
  ] as const)('post sees the status of its own moment: %s', async ([status, options]) => {
    expect(await told({ ...options, part: 'post' })).toMatchObject({ INPUT_STATUS: status });
  });

  test('main sees the status of its own moment too', async () => {
    const action = fixture('told');
    const steps = [run('breaks', ['false']), use({ id: 'told', action, if: 'failure()' })];
    expect(stepOf(await runJob({ steps }), 'told').log.join('\n')).toContain('"INPUT_STATUS":"failure"');
  });
});

describe('an expression', () => {
  const contexts: Contexts = {
    github: { repository: 'octo/shop', event: { number: 7, labels: ['a'] } },
    strategy: { 'fail-fast': true },
    matrix: { Os: 'linux', 'a.b c': 'dotted', none: null },
    job: { status: 'failure' },
    runner: { temp: '/tmp/x' },
  };

  test.for<readonly [string, string]>([
    ['plain text', 'plain text'],
    ['<github.repository>@<job.status>', 'octo/shop@failure'],
    ['<GITHUB.Event.Number>', '7'],
    ["<matrix['a.b c']>", 'dotted'],
    ['<matrix.os>|<matrix.none>|<matrix.missing.deeper>', 'linux||'],
    ['<strategy.fail-fast>', 'true'],
    ['<github.event> <github.event.labels>', 'Object Array'],
    ['<tojson(github.event.labels)>', '[\n  "a"\n]'],
    ['<toJSON(matrix.missing)>', 'null'],
    ['<matrix.constructor>', ''],
  ])('%s', ([text, filled]) => {
    expect(interpolate(text.replaceAll(/<(.*?)>/g, '$${{ $1 }}'), contexts)).toBe(filled);
  });

  test.for([
    'env.HOME',
    'github.actor',
    'runner.nmae',
    "format('{0}', job.status)",
    'job.status == 1',
    'secrets',
    '',
  ])('that is not modelled is a mistake, not an empty text: %s', (expression) => {
    expect(() => interpolate(`\${{ ${expression} }}`, contexts)).toThrow(
      `This runner evaluates no '${expression}' in an input's default.`,
    );
  });
});
