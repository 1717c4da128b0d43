import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { SourceFile } from './source.ts';

/** A fenced (or indented) block of a document. */
export interface Example {
  readonly path: string;
  /** Of its fence, from 1. */
  readonly line: number;
  /** `path: heading`, with a number from the second one of a heading on: what tests call it. */
  readonly name: string;
  readonly heading: string;
  /** Empty where the fence names none. */
  readonly language: string;
  readonly text: string;
}

/** As much of Markdown's tree as is looked at. */
export interface Node {
  readonly type: string;
  readonly value?: string;
  readonly lang?: string | null | undefined;
  readonly url?: string;
  readonly position?: { readonly start: { readonly line: number } } | undefined;
  readonly children?: readonly Node[];
}

/** Every block of code of these documents, in their order: also those in lists, quotes and without a language. */
export function examplesOf(documents: readonly SourceFile[]): readonly Example[] {
  return documents.flatMap(({ path, text }) => {
    let heading = '';
    const seen = new Map<string, number>();
    return nodesOf(text).flatMap((node) => {
      if (node.type === 'heading') heading = textOf(node);
      if (node.type !== 'code') return [];
      const before = seen.get(heading) ?? 0;
      seen.set(heading, before + 1);
      const name = `${path}: ${heading}${before === 0 ? '' : ` ${before + 1}`}`;
      const line = node.position?.start.line ?? 0;
      return [{ path, line, name, heading, language: node.lang ?? '', text: `${node.value ?? ''}\n` }];
    });
  });
}

/** Everything that a document consists of, in order. */
export function nodesOf(markdown: string): readonly Node[] {
  return inOrder(unified().use(remarkParse).use(remarkGfm).parse(markdown));
}

function inOrder(node: Node): readonly Node[] {
  return [node, ...(node.children ?? []).flatMap(inOrder)];
}

export function textOf(node: Node): string {
  return node.value ?? (node.children ?? []).map(textOf).join('');
}

/** `path:line`, which an editor opens. */
export function placeOf({ path, line }: Example): string {
  return `${path}:${line}`;
}
