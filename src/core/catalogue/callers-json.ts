import { type Problem, quote } from '../errors.ts';
import { asObject, type Json } from '../json.ts';
import type { Message, Request, SendRule } from './declared-inputs.ts';

type Content = { readonly map: Json } | { readonly problem: string };

/**
 * What is wrong with a file that has to be a JSON object with these fields, or undefined. Systems read such files when nobody
 * looks any more: one that they cannot use is missing later, and nothing says why.
 */
export function fieldsProblem(text: string, fields: readonly string[]): string | undefined {
  const content = contentOf(text);
  if ('problem' in content) return content.problem;
  const missing = fields.filter((field) => content.map[field] === undefined);
  return missing.length === 0 ? undefined : `has no \`${missing.join('`, `')}\` at its top`;
}

/** The messages of a request, in the order of its rules, and what is wrong with its files. */
export function messagesOf(
  request: Extract<Request, { kind: 'send' }>,
  texts: ReadonlyMap<string, string>,
): { readonly messages: readonly Message[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const messages = request.files.flatMap((file): readonly Message[] => {
    const body = texts.get(file) ?? '';
    const content = contentOf(body);
    const rule = 'problem' in content ? undefined : ruleOf(content.map, request.rules);
    if (rule !== undefined) return [{ file, rule, body }];
    const kinds = request.rules.map(({ fields }) => `\`${fields.join('` and `')}\``);
    const what = 'problem' in content ? content.problem : `has none of ${kinds.join(', ')} at its top`;
    problems.push({ where: request.input, what: `${quote(file)} ${what}` });
    return [];
  });
  const turn = ({ rule }: Message) => request.rules.indexOf(rule);
  return { messages: messages.sort((a, b) => turn(a) - turn(b)), problems };
}

function ruleOf(map: Json, rules: readonly SendRule[]): SendRule | undefined {
  return rules.find(({ fields }) => fields.every((field) => map[field] !== undefined));
}

function contentOf(text: string): Content {
  try {
    const map = asObject(JSON.parse(text));
    return map === undefined ? { problem: 'is JSON, but no object' } : { map };
  } catch (error) {
    return { problem: `is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
