import { asArray, asObject, asString, type Json, stringEntries } from '../json.ts';
import type { DeclaredInput, InputEffect, SendRule } from './declared-inputs.ts';
import { decodePattern, type Report } from './pattern.ts';

/** Decodes one entry of `x-paklog.inputs`; none where it has no effect that is known. */
export function decodeInput(name: string, value: unknown, report: Report): readonly DeclaredInput[] {
  const entry = asObject(value) ?? {};
  const system = asString(entry['system']) ?? '';
  const effect = decodeEffect(entry, system, `inputs.${name}`, report);
  if (effect === undefined) return [];
  return [
    {
      name,
      system,
      description: asString(entry['description']) ?? '',
      form: asString(entry['form']) ?? 'of the accepted form',
      effect,
    },
  ];
}

function decodeEffect(entry: Json, system: string, at: string, report: Report): InputEffect | undefined {
  const overlay = asString(entry['overlay']);
  if (overlay !== undefined) return { kind: 'overlay', file: overlay };
  const lines = decodePattern(entry['lines'], at, report);
  const files = decodePattern(entry['files'], at, report);
  const exec = asObject(entry['exec']);
  const mount = asObject(entry['mount']);
  const render = asObject(entry['render']);
  const send = asObject(entry['send']);
  const defaults = stringEntries(entry['defaults']);
  if (lines !== undefined && exec !== undefined)
    return { ...decodeExec(exec, decodePattern(entry['words'], at, report)), lines, defaults };
  if (lines !== undefined && render !== undefined)
    return { ...decodeRender(render, at, report), lines, defaults };
  if (files !== undefined && mount !== undefined) return { ...decodeMount(mount), files };
  if (files !== undefined && send !== undefined) return { ...decodeSend(send, system, at, report), files };
  report(at, 'must have `exec` or `render` with `lines`, `mount` or `send` with `files`, or `overlay`');
  return undefined;
}

function decodeExec(exec: Json, words: RegExp | undefined) {
  return {
    kind: 'exec',
    command: texts(exec['command']),
    environment: stringEntries(exec['environment']),
    perWord: texts(exec['per-word']),
    ...(words === undefined ? {} : { words }),
  } as const;
}

function decodeRender(render: Json, at: string, report: Report) {
  const into = asString(render['into']) ?? '';
  if (!into.startsWith('/')) report(at, '`render.into` must be the path of a file in the container');
  return { kind: 'render', into, entry: asObject(render['entry']) ?? {} } as const;
}

function decodeMount(mount: Json) {
  return {
    kind: 'mount',
    into: asString(mount['into']) ?? '/',
    prefix: asString(mount['prefix']) ?? '',
    ...(mount['fields'] === undefined ? {} : { fields: texts(mount['fields']) }),
  } as const;
}

function decodeSend(send: Json, system: string, at: string, report: Report) {
  const rules = asArray(send['rules']).map((item): SendRule => {
    const rule = asObject(item) ?? {};
    const path = asString(rule['path']) ?? '/';
    if (!/^\/[!-~]*$/.test(path)) report(at, `${JSON.stringify(path)} must begin with / and have no blanks`);
    return {
      fields: texts(rule['fields']),
      system: asString(rule['system']) ?? system,
      endpoint: asString(rule['endpoint']) ?? '',
      path,
      status: rule['status'] === undefined ? [200] : asArray(rule['status']).map(Number),
    };
  });
  if (rules.length === 0) report(at, '`send` needs `rules`');
  return { kind: 'send', rules, after: texts(send['after']) } as const;
}

function texts(value: unknown): readonly string[] {
  return asArray(value).map((each) => asString(each) ?? '');
}
