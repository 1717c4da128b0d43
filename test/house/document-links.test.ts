import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ownFiles, root } from './checkout.ts';
import { nodesOf, textOf } from './examples.ts';
import { repository } from './made-up.ts';
import type { SourceFile, Violations } from './source.ts';

const documents = ownFiles('*.md');

/** The anchors that GitHub makes of headings: without marks, blanks as hyphens, a number from the second of a name on. */
function anchorsOf({ text }: SourceFile): readonly string[] {
  const seen = new Map<string, number>();
  return nodesOf(text).flatMap((node) => {
    if (node.type !== 'heading') return [];
    const plain = textOf(node)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '');
    const anchor = plain.replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return [before === 0 ? anchor : `${anchor}-${before}`];
  });
}

/** Links and pictures of a document, in Markdown and in HTML. */
function targetsOf({ text }: SourceFile): readonly string[] {
  return nodesOf(text).flatMap(({ type, url, value = '' }) => {
    if (type === 'html')
      return [...value.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)].map(([, to = '']) => to);
    return url === undefined ? [] : [url];
  });
}

/** Links to this repository that lead nowhere: a file, or a heading, that is not there. */
function deadLinks(all: readonly SourceFile[]): Violations {
  return all.flatMap((file) =>
    targetsOf(file)
      .filter((target) => !/^\w+:/.test(target))
      .filter((target) => {
        const [path = '', anchor] = target.split('#');
        const to = path === '' ? file.path : posix.join(posix.dirname(file.path), path);
        const document = all.find((each) => each.path === to);
        if (document === undefined) return anchor !== undefined || !existsSync(join(root, to));
        return anchor !== undefined && !anchorsOf(document).includes(anchor);
      })
      .map((target) => `${file.path}: ${target}`),
  );
}

describe('links of the documents', () => {
  test('lead to files and headings that are there', () => {
    expect(documents.flatMap(targetsOf).length).toBeGreaterThan(150);
    expect(deadLinks(documents)).toEqual([]);
  });

  test('that lead nowhere are found', () => {
    const text =
      '# A `b.c`: d\n## E\n## E\n[1](#a-bc-d) [2](#e-1) [3](#e-2) [4](b.md) [5](../package.json)\n<img src="c.png">\n';
    const found = deadLinks(repository({ 'docs/a.md': text }));
    expect(found).toEqual(['docs/a.md: #e-2', 'docs/a.md: b.md', 'docs/a.md: c.png']);
  });
});
