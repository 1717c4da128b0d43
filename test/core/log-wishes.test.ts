import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/core/errors.ts';
import { artifactName, readLogWishes } from '../../src/core/log-wishes.ts';
import { anyText } from './any-text.ts';

function read(raw: Readonly<Record<string, string>>) {
  const problems: Problem[] = [];
  const wishes = readLogWishes(raw, 'on-failure', (problem) => problems.push(problem));
  return { wishes, problems };
}

describe('the inputs about logs', () => {
  test('have defaults', () => {
    expect(read({})).toEqual({ wishes: { when: 'on-failure', artifact: '', include: [] }, problems: [] });
  });

  test('are read', () => {
    const raw = {
      logs: ' always ',
      'logs-artifact': 'my logs',
      'logs-retention-days': '7',
      'logs-include': 'target/surefire-reports/**\n\n  build/reports ',
    };
    expect(read(raw)).toEqual({
      wishes: {
        when: 'always',
        artifact: 'my logs',
        retentionDays: 7,
        include: ['target/surefire-reports/**', 'build/reports'],
      },
      problems: [],
    });
  });

  test.each([
    ['logs', 'sometimes', '"sometimes" is not one of: on-failure, always, never'],
    ['logs-retention-days', '0', '"0" is not a number of days from 1 to 400'],
    ['logs-retention-days', '401', '"401" is not a number of days from 1 to 400'],
    ['logs-retention-days', '1.5', '"1.5" is not a number of days from 1 to 400'],
    [
      'logs-artifact',
      'a/b',
      '"a/b" must be at most 200 characters, without " / \\ : < > | * ? and line breaks',
    ],
  ])('refuse %s: %s', (where, value, what) => {
    expect(read({ [where]: value }).problems).toEqual([{ where, what }]);
  });
});

describe('the artifact’s name', () => {
  const parts = { job: 'verify', attempt: '2', matrix: 'null', salt: 'ab12' };

  test('has job and attempt', () => {
    expect(artifactName(parts)).toBe('infra-logs-verify-2-ab12');
  });

  test('has the values of the matrix', () => {
    const matrix = '{\n  "java": 21,\n  "os": "ubuntu/24.04",\n  "x": { "y": 1 }\n}';
    expect(artifactName({ ...parts, matrix })).toBe('infra-logs-verify-21-ubuntu-24.04-2-ab12');
  });

  test('is one that the service takes, whatever the job is called', () => {
    fc.assert(
      fc.property(anyText(), anyText(), (job, matrix) => {
        const name = artifactName({ ...parts, job, matrix });
        expect(name).toMatch(/^infra-logs-[A-Za-z0-9._-]*-ab12$/);
        expect(name.length).toBeLessThan(120);
      }),
    );
  });
});
