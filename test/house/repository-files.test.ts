import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { splitReference, wantedImages } from '../images/wanted.ts';
import { ownFiles } from './checkout.ts';

const textOf = (path: string): string => ownFiles(path)[0]?.text ?? '';

interface Update {
  readonly 'package-ecosystem': string;
  readonly directory: string;
  readonly cooldown?: { readonly 'default-days'?: number };
  readonly ignore?: readonly { readonly 'dependency-name': string }[];
}

describe('Dependabot', () => {
  const { updates } = parse(textOf('.github/dependabot.yml')) as { updates: readonly Update[] };

  test('looks after packages, actions, images and examples', () => {
    expect(updates.map((each) => [each['package-ecosystem'], each.directory])).toEqual([
      ['npm', '/'],
      ['github-actions', '/'],
      ['maven', '/examples/spring-orders'],
      ['npm', '/examples/node-inventory'],
      ['docker-compose', '/compose'],
    ]);
  });

  test('lets every version rest for a week', () => {
    expect(updates.filter(({ cooldown }) => (cooldown?.['default-days'] ?? 0) < 7)).toEqual([]);
  });

  test('leaves out images that the stack has', () => {
    const ignored = updates.flatMap(({ ignore = [] }) => ignore.map((each) => each['dependency-name']));
    const images = wantedImages(['all']).map((image) => splitReference(image).repository);
    expect(ignored.filter((name) => !images.includes(name))).toEqual([]);
  });
});

interface Field {
  readonly type: string;
  readonly id?: string;
  readonly attributes: {
    readonly label?: string;
    readonly options?: readonly (string | { readonly label?: string })[];
  };
}

describe('an issue form', () => {
  const forms = ownFiles('.github/ISSUE_TEMPLATE/*.yml').filter(({ path }) => !path.endsWith('config.yml'));

  test('is there for bugs and ideas, and vulnerabilities are sent elsewhere', () => {
    expect(forms.map(({ path }) => path.split('/').at(-1))).toEqual(['bug.yml', 'idea.yml']);
    expect(textOf('.github/ISSUE_TEMPLATE/config.yml')).toContain('/security/advisories/new');
  });

  test.for(forms)('$path has what GitHub demands of one', ({ text }) => {
    const form = parse(text) as { name: string; description: string; body: readonly Field[] };
    expect(Object.keys(form).sort()).toEqual(['body', 'description', 'labels', 'name']);
    expect(form.body.map(({ type }) => type)).toEqual(
      form.body.map(() => expect.stringMatching(/^(input|textarea|dropdown|checkboxes)$/)),
    );
    const ids = form.body.map(({ id }) => id ?? '');
    const labels = form.body.map(({ attributes }) => attributes.label ?? '');
    expect([...ids, ...labels]).not.toContain('');
    expect([new Set(ids).size, new Set(labels).size]).toEqual([ids.length, labels.length]);
    const choices = form.body.filter(({ type }) => type === 'dropdown' || type === 'checkboxes');
    for (const { attributes } of choices) {
      const options = (attributes.options ?? []).map((each) =>
        typeof each === 'string' ? each : each.label,
      );
      expect(options.length).toBeGreaterThan(1);
      expect(new Set(options).size).toBe(options.length);
    }
  });
});

test('somebody owns every file', () => {
  expect(textOf('.github/CODEOWNERS')).toMatch(/^\* @paklog\/[\w-]+$/m);
});
