import { asArray, asObject, asString, type Json } from '../json.ts';
import type { KnownCause } from './catalogue.ts';
import { decodePattern, mayRunAway, type Report } from './pattern.ts';

const keys = ['code', 'log', 'unless', 'quote', 'answer', 'exit-code', 'why', 'advice'];

/** Decodes the known causes of a system; one with a mistake is left out, for it could hold where it must not. */
export function decodeCauses(value: unknown, at: string, report: Report): readonly KnownCause[] {
  if (value !== undefined && !Array.isArray(value)) report(at, 'must be a list');
  return asArray(value).flatMap((item, index) => {
    const entry = asObject(item) ?? {};
    const where = `${at}[${index}]`;
    let mistakes = 0;
    const cause = decodeCause(entry, where, (place, what) => {
      mistakes += 1;
      report(place, what);
    });
    return mistakes === 0 ? [cause] : [];
  });
}

function decodeCause(entry: Json, at: string, report: Report): KnownCause {
  for (const key of Object.keys(entry))
    if (!keys.includes(key)) report(at, `${JSON.stringify(key)} is none of ${keys.join(', ')}`);
  const code = asString(entry['code']) ?? '';
  if (!/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(code))
    report(`${at}.code`, `${JSON.stringify(code)} is no code, such as DISK_FULL`);
  const [log, unless, quote, answer] = ['log', 'unless', 'quote', 'answer'].map((key) =>
    linePattern(entry[key], `${at}.${key}`, report),
  );
  const exitCodes = decodeExitCodes(entry['exit-code'], `${at}.exit-code`, report);
  const [why = '', advice = ''] = ['why', 'advice'].map((key) => asString(entry[key])?.trim() ?? '');
  if (entry['log'] === undefined && entry['answer'] === undefined && entry['exit-code'] === undefined)
    report(at, 'needs `log`, `answer` or `exit-code` to be known by');
  if (why === '' || advice === '') report(at, 'needs `why` and `advice` for the person who reads it');
  return {
    code,
    ...(log === undefined ? {} : { log }),
    ...(unless === undefined ? {} : { unless }),
    ...(quote === undefined ? {} : { quote }),
    ...(answer === undefined ? {} : { answer }),
    ...(exitCodes.length === 0 ? {} : { exitCodes }),
    why,
    advice,
  };
}

/** Programs write the same words in capitals and without, so these patterns do not tell them apart. */
function linePattern(value: unknown, at: string, report: Report): RegExp | undefined {
  if (value !== undefined && asString(value) === undefined) report(at, 'must be a regular expression');
  const pattern = decodePattern(value, at, report, 'i');
  if (pattern !== undefined && mayRunAway(pattern))
    report(
      at,
      `${JSON.stringify(pattern.source)} repeats what itself repeats or chooses, and may take for ever`,
    );
  return pattern;
}

function decodeExitCodes(value: unknown, at: string, report: Report): readonly number[] {
  if (value === undefined) return [];
  const listed = Array.isArray(value) ? value : [value];
  const codes = listed.map((item) => Number(asString(item) || Number.NaN));
  const exitCode = (code: number) => Number.isInteger(code) && code >= 0 && code <= 255;
  if (listed.length === 0 || !codes.every(exitCode))
    report(at, `${JSON.stringify(value)} is no exit code, 0 to 255, nor a list of them`);
  return codes;
}
