import { expect } from 'vitest';
import type { Annotation } from '../runner/step-log.ts';

/** What is another one in every run, and what stands for it in a golden copy. */
const changing: ReadonlyArray<readonly [RegExp, string]> = [
  [/caller-[0-9a-f]{8}/g, 'PROJECT'],
  [/infra-logs-test-1-[0-9a-f]{4}/g, 'ARTIFACT'],
  [/infra-runner-\d+-\w{6}/g, 'RUNNER'],
  [/\/\S*\/RUNNER\//g, '/RUNNER/'],
  [/127\\?\.0\.0\.1:\d{4,5}/g, '127.0.0.1:PORT'],
  // Words of Docker and of Redis, which other versions of theirs put in another way.
  [/Docker says: [^\n]*?(?=\n|$)/gm, 'Docker says: (its words)'],
  [/(?:^\d+:[CMS] \d\d \w{3} \d{4} .*\n)+/gm, '(what Redis logs)\n'],
  [/^<details>.*?<\/details>\n\n/gms, ''],
  // How Docker's proxy ends a connection behind which nothing listens is a matter of moments.
  [/(`?)(?:ECONNRESET|the connection was closed)\1/g, '(closed)'],
  [/\b\d{5} of ledger/g, 'PORT of ledger'],
  [/`\d{4}-\d\d-\d\dT[\d:.]+Z/g, '`TIME'],
  [/(process|PID) \d+/g, '$1 PID'],
  [/silent-engine-\w+/g, 'silent-engine'],
  // Times, in the table and in sentences; the chart is made of nothing else.
  [/```mermaid.*?```/gs, '```mermaid\n(the timeline)\n```'],
  [/\| \d+\.\d(?= \|)/g, '| N.N'],
  [/\d+\.\d s\b/g, 'N.N s'],
];

/**
 * Holds what a person is told of a failure against `golden/<test>.md`: the annotation, then the summary.
 * `vitest run --update` writes new ones.
 */
export async function matchGolden({ title, message }: Annotation, summary: string): Promise<void> {
  const text = ['# Annotation', '', title, '', message, '', '# Summary', '', summary.trimEnd(), ''].join(
    '\n',
  );
  const settled = changing.reduce((before, [what, name]) => before.replace(what, name), text);
  const test = expect.getState().currentTestName ?? '';
  const file = test
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 100);
  await expect(settled).toMatchFileSnapshot(`golden/${file}.md`);
}
