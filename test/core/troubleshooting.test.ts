import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { explanation } from '../../src/core/report.ts';
import { catalogue } from './known-failures.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');
const sections = page.split(/^## /m).slice(1);
const explained = sections.flatMap((section) => /^[A-Z0-9_]+$/.exec(section.split('\n')[0] ?? '')?.[0] ?? []);

/** Every code that the source or the catalogue can put into a title. */
function codes(): readonly string[] {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const scripts = sources.filter((file) => file.endsWith('.ts'));
  const written = scripts.flatMap((file) => [
    ...readFileSync(join(root, 'src', file), 'utf8').matchAll(/\bcode: '([A-Z0-9_]+)'/g),
  ]);
  const known = [...catalogue.systems.values()].flatMap(({ causes = [] }) => causes.map(({ code }) => code));
  return [...new Set([...written.map(([, code = '']) => code), ...known])].toSorted();
}

test('every code has one section, and every section is about a code', () => {
  expect(codes().length).toBeGreaterThan(40);
  expect(explained.toSorted()).toEqual(codes());
});

describe('a section', () => {
  test.each(explained)('%s has a sample, what it means and what to do', (code) => {
    const section = sections.find((each) => each.startsWith(`${code}\n`)) ?? '';
    expect(section).toMatch(/^\w+\n\n```text\n.+?\n```\n\n\S.+?\n\n\*\*What to do:\*\* \S.+/s);
  });

  test('is where an annotation sends its reader', () => {
    expect(explanation('KAFKA_SESSION_LEFT')).toMatch(/docs\/troubleshooting\.md#kafka_session_left$/);
  });
});

describe('the list of all codes', () => {
  const links = [...page.matchAll(/\[([A-Z0-9_]+)\]\(#([a-z0-9_]+)\)/g)];

  test('leads to every section', () => {
    const list = sections.find((section) => section.startsWith('All codes')) ?? '';
    const listed = [...list.matchAll(/\[([A-Z0-9_]+)\]/g)].map(([, code = '']) => code);
    expect(listed.toSorted()).toEqual(codes());
  });

  test('and every other link lead to what they name', () => {
    expect(links.filter(([, code = '', anchor]) => code.toLowerCase() !== anchor)).toEqual([]);
    expect(links.filter(([, code = '']) => !explained.includes(code))).toEqual([]);
  });
});
