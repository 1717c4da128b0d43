import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyCatalogue } from '../../src/core/catalogue/catalogue.ts';
import { parseInputs } from '../../src/core/inputs.ts';
import { uniqueProject } from '../../src/core/project.ts';
import { decodeState, encodeState } from '../../src/core/state.ts';
import { anyText } from './any-text.ts';

const logs = { when: 'on-failure', artifact: 'logs', include: [] } as const;
const state = { project: 'paklog-1', directory: '/tmp/x', teardown: 'always', logs } as const;

test('what was saved is read', () => {
  const project = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,62}$/);
  const directory = anyText({ minLength: 1 });
  const teardown = fc.constantFrom('always' as const, 'never' as const);
  const wishes = fc.record(
    {
      when: fc.constantFrom('on-failure' as const, 'always' as const, 'never' as const),
      artifact: anyText(),
      retentionDays: fc.integer({ min: 1, max: 400 }),
      include: fc.array(anyText()),
    },
    { noNullPrototype: true, requiredKeys: ['when', 'artifact', 'include'] },
  );
  fc.assert(
    fc.property(
      fc.record({ project, directory, teardown, logs: wishes }, { noNullPrototype: true }),
      (saved) => {
        expect(decodeState(encodeState(saved))).toEqual(saved);
      },
    ),
  );
});

describe('a state that is not ours is none', () => {
  test.each([
    ['nothing', ''],
    ['no JSON', '{"version":1,'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '1'],
    ['another version', JSON.stringify({ ...state, version: 99 })],
    ['no version', JSON.stringify(state)],
    ['a version as text', JSON.stringify({ ...state, version: '2' })],
    ['no project', JSON.stringify({ ...state, version: 2, project: undefined })],
    [
      'an empty project, which would mean every container',
      JSON.stringify({ ...state, version: 2, project: '' }),
    ],
    ['an option as project', JSON.stringify({ ...state, version: 2, project: '--all' })],
    ['a path as project', JSON.stringify({ ...state, version: 2, project: '../x' })],
    ['no folder', JSON.stringify({ ...state, version: 2, directory: '' })],
    ['a folder that is no text', JSON.stringify({ ...state, version: 2, directory: {} })],
  ])('%s', (_, text) => {
    expect(decodeState(text)).toBeUndefined();
  });

  test('ours is', () => {
    expect(decodeState(JSON.stringify({ ...state, version: 2 }))).toEqual(state);
  });

  test('reading never fails, and never finds a name that Compose would change', () => {
    const text = fc.oneof(
      anyText(),
      fc.json(),
      fc.json().map((json) => `{"version":2,"directory":"/x","project":${json}}`),
      fc.string().map((project) => JSON.stringify({ ...state, version: 2, project })),
    );
    fc.assert(
      fc.property(text, (saved) => {
        expect(decodeState(saved)?.project ?? 'none').toMatch(/^[a-z0-9][a-z0-9_-]{0,62}$/);
      }),
    );
  });
});

test('logs that are damaged are kept as by default', () => {
  const text = JSON.stringify({
    ...state,
    version: 2,
    logs: { when: 1, retentionDays: 'x', include: [{}, 'a'] },
  });
  expect(decodeState(text)?.logs).toEqual({ when: 'on-failure', artifact: '', include: ['a'] });
});

test.each([
  ['"never"', 'never'],
  ['"always"', 'always'],
  ['"sometimes"', 'always'],
  ['true', 'always'],
])('teardown %s means %s', (teardown, meaning) => {
  const text = `{"version":2,"project":"p","directory":"/x","teardown":${teardown}}`;
  expect(decodeState(text)?.teardown).toBe(meaning);
});

describe('a project name of our own', () => {
  test('tells run, attempt and job', () => {
    expect(uniqueProject('123', '2', 'Build & Test', 'ab12')).toBe('paklog-123-2-build-test-ab12');
  });

  test('is one that the input would accept, whatever the job is called, and keeps its salt', () => {
    const any = anyText({ maxLength: 100 });
    fc.assert(
      fc.property(any, any, any, (run, attempt, job) => {
        const name = uniqueProject(run, attempt, job, 'ab12');
        expect(parseInputs({ 'project-name': name }, emptyCatalogue).problems).toEqual([]);
        expect(name.endsWith('-ab12')).toBe(true);
      }),
    );
  });

  test('differs for two jobs of one matrix', () => {
    const long = 'x'.repeat(100);
    expect(uniqueProject('1', '1', long, 'ab12')).not.toBe(uniqueProject('1', '1', long, 'ab13'));
  });
});
