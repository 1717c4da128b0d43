import { type Part, partKinds } from '../bytes.ts';
import { asArray, asObject, asString, type Json, stringEntries } from '../json.ts';
import type { Check } from './catalogue.ts';
import { decodePattern, type Report } from './pattern.ts';

/** Decodes one check of a system's probe. */
export function decodeCheck(system: string, value: unknown, at: string, report: Report): readonly Check[] {
  const item = asObject(value) ?? {};
  const http = asObject(item['http']);
  const tcp = asObject(item['tcp']);
  const entry = http ?? tcp;
  if (entry === undefined) {
    report(at, 'each check is `http` or `tcp`');
    return [];
  }
  const target = { system: asString(entry['system']) ?? system, endpoint: asString(entry['endpoint']) ?? '' };
  if (http !== undefined) return [decodeHttp(http, target, at, report)];
  const exchange = asArray(entry['exchange']).map((turn) => decodeTurn(turn, at, report));
  if (exchange.length === 0) report(at, 'a tcp check needs an `exchange`');
  return [{ kind: 'tcp', ...target, exchange }];
}

function decodeHttp(
  entry: Json,
  target: { system: string; endpoint: string },
  at: string,
  report: Report,
): Check {
  const body = decodePattern(entry['body'], at, report);
  const user = asString(entry['user']);
  const path = asString(entry['path']) ?? '/';
  const status = Number(asString(entry['status']) ?? 200);
  if (!/^\/[!-~]*$/.test(path)) report(at, `${JSON.stringify(path)} must begin with / and have no blanks`);
  if (!Number.isInteger(status) || status < 100 || status > 599)
    report(at, `${JSON.stringify(entry['status'])} is not an HTTP status`);
  return {
    kind: 'http',
    ...target,
    path,
    status,
    ...(body === undefined ? {} : { body }),
    ...(user === undefined ? {} : { user }),
  };
}

function decodeTurn(value: unknown, at: string, report: Report) {
  const turn = asObject(value) ?? {};
  const expected = asObject(turn['expect']) ?? {};
  const starts = decodeParts(expected['starts'], at, report);
  const contains = decodeParts(expected['contains'], at, report);
  if (starts.length + contains.length === 0) report(at, 'every turn needs something to `expect`');
  return { send: decodeParts(turn['send'], at, report), expect: { starts, contains } };
}

/** What each kind of part may hold; anything else could not be sent. */
const partForms: Readonly<Record<Part['kind'], (text: string) => boolean>> = {
  text: () => true,
  hex: (text) => /^(\s*[0-9a-f]{2})*\s*$/i.test(text),
  string16: (text) => Buffer.byteLength(text) <= 65_535,
  int32: (text) => text === '{port}' || (/^-?\d+$/.test(text) && Number(text) === (Number(text) | 0)),
};

function decodeParts(value: unknown, at: string, report: Report): readonly Part[] {
  return asArray(value).flatMap((item): Part[] => {
    const [kind, text] = Object.entries(stringEntries(item))[0] ?? ['', ''];
    const known = partKinds.find((each) => each === kind);
    if (known !== undefined && partForms[known](text)) return [{ kind: known, value: text }];
    report(at, `${JSON.stringify(item)} is no part of a message`);
    return [];
  });
}
