import { describe, expect, test } from 'vitest';
import { composeHints } from '../../src/core/causes/compose-hints.ts';
import { dockerCauses } from '../../src/core/causes/docker-causes.ts';
import { knownCause } from '../../src/core/causes/known-causes.ts';
import { ownFiles } from '../house/checkout.ts';
import { type Example, examplesOf } from '../house/examples.ts';
import { type SyntaxNode, topLevel, walk } from '../house/source.ts';
import { catalogue, exited, factsOf, logOf, readAs, toldOf } from './known-failures.ts';

const [first, ...samples] = examplesOf(ownFiles('docs/troubleshooting.md'));
const systems = [...catalogue.systems.keys(), 'orders'];

/** Whether the action finds the section's code when a program says this, or Docker does. */
function leadsToItsCode({ text, heading }: Example): boolean {
  const docker = [...dockerCauses, ...composeHints.map((hint) => ({ ...hint, code: 'COMPOSE_INVALID' }))];
  if (docker.some((cause) => cause.code === heading && cause.text.test(text))) return true;
  const log = text.replace(/^.*The last probe said: /, '');
  const failures = systems.flatMap((system) =>
    [1, 132].map((exitCode) => {
      const facts = factsOf(system, log, { exitCode, oomKilled: false, lastAnswer: log.trim() });
      return knownCause(exited(system, exitCode), facts);
    }),
  );
  return failures.some(({ code }) => code === heading && code !== 'SERVICE_EXITED');
}

/** Every text with places to fill in, and every longer one without, of the source: what the action itself can say. */
const sentences: readonly RegExp[] = ownFiles('src/**.ts').flatMap((file) => {
  const found: RegExp[] = [];
  walk(topLevel(file), (node) => {
    const parts = partsOf(node);
    if (parts.join('').length > 11) found.push(new RegExp(parts.map(escaped).join('.+?')));
    return true;
  });
  return found;
});

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function partsOf({ type, quasis, value }: SyntaxNode): readonly string[] {
  if (type === 'Literal') return typeof value === 'string' ? [value] : [];
  if (type !== 'TemplateLiteral') return [];
  return (quasis as readonly { readonly value: { readonly cooked: string } }[]).map(
    (each) => each.value.cooked,
  );
}

const isSaid = ({ text }: Example) => sentences.some((sentence) => sentence.test(text));

describe('the sample of', () => {
  test.for(samples.map((sample) => [sample.heading, sample] as const))(
    '%s is what the action says, or what leads it to this code',
    ([, sample]) => {
      expect(leadsToItsCode(sample) || isSaid(sample)).toBe(true);
    },
  );

  test('a code that is not so is found', () => {
    const place = { path: 'docs/a.md', line: 1, name: '', language: 'text' };
    const wrong = { ...place, heading: 'DISK_FULL', text: 'All went well.\n' };
    expect([leadsToItsCode(wrong), isSaid(wrong)]).toEqual([false, false]);
  });
});

test('the annotation at the top of the page is a real one, shortened', () => {
  const told = { log: 'kafka-session-left', ended: 1, code: 'KAFKA_SESSION_LEFT', shows: '' } as const;
  const lines = readAs(toldOf(told), logOf(told.log)).split('\n');
  const shown = (first?.text ?? '')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/)[0] ?? '');
  const shortened = shown.map((line) => new RegExp(`^${line.split('…').map(escaped).join('.*')}`));
  expect(shown).toHaveLength(5);
  expect(shortened.filter((line) => !lines.some((each) => line.test(each)))).toEqual([]);
});
