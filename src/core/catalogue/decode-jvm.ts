import { asObject, asString, entries } from '../json.ts';
import type { Jvm } from './catalogue.ts';
import type { Report } from './pattern.ts';

const variableRule = /^[A-Za-z_]\w*$/;

/** Decodes the `jvm` of a system; none where it has none, or none that can be used. */
export function decodeJvm(value: unknown, at: string, report: Report): Jvm | undefined {
  if (value === undefined) return undefined;
  const map = asObject(value);
  const variable = asString(map?.['variable']) ?? '';
  const startup = entries(map?.['startup']).map(([name, options]) => [name, words(options)] as const);
  if (!variableRule.test(variable))
    report(`${at}.variable`, 'must name the environment variable that takes JVM options');
  for (const [name, options] of startup) {
    const fits = variableRule.test(name) && options.length > 0;
    if (!fits) report(`${at}.startup.${name}`, 'must give a variable its JVM options, as text');
  }
  return variableRule.test(variable) ? { variable, startup: new Map(startup) } : undefined;
}

function words(value: unknown): readonly string[] {
  return typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : [];
}
