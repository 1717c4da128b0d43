import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { catalogueOf, decodeModel } from '../../src/core/model.ts';
import { composeDir, services as stackServices } from '../core/stack-file.ts';
import { ownFiles } from '../house/checkout.ts';
import { kindOf } from '../house/example-kinds.ts';
import { examplesOf, placeOf } from '../house/examples.ts';
import { type Caller, image, script } from '../scenarios/caller-stack.ts';
import { documented } from '../scenarios/documented.ts';
import { compose, docker, succeed } from './project.ts';

// Every Compose file that a document shows, merged over the stack by Compose itself, as the action does with `compose-files`.

const ofKind = (kind: string) =>
  examplesOf(ownFiles('README.md', 'docs/*.md')).filter((example) => kindOf(example) === kind);
const examples = ofKind('compose');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contract-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** An example that shows a catalogue alone is about services that another part of the file has. */
function completed(text: string): object {
  const shown = parse(text, { merge: true }) as Partial<Caller> & {
    'x-paklog'?: { systems?: Readonly<Record<string, object>> };
  };
  const named = Object.keys(shown['x-paklog']?.systems ?? {});
  const missing = named.filter((name) => !stackServices.has(name) && !(name in (shown.services ?? {})));
  const services = Object.fromEntries(missing.map((name) => [name, { image }]));
  return { ...shown, services: { ...services, ...shown.services } };
}

test('there are such files', () => {
  expect(examples.length).toBeGreaterThan(3);
});

test.for(examples.map((example) => [placeOf(example), example] as const))(
  '%s merges over the stack, and its catalogue with it',
  async ([, { text }]) => {
    const file = join(folder, 'caller.json');
    const caller = completed(text);
    await writeFile(file, JSON.stringify(caller));
    const files = [join(composeDir, 'compose.yaml'), file];
    const said = succeed(await compose.config(files, { project: 'documents', directory: folder, env: {} }));
    const model = decodeModel(JSON.parse(said.join('\n')));
    expect([...model.services.keys()]).toEqual(expect.arrayContaining([...stackServices.keys()]));
    const { catalogue, problems } = decodeCatalogue(catalogueOf(model));
    expect(problems).toEqual([]);
    const systems = 'x-paklog' in caller ? Object.keys(Object(caller['x-paklog']).systems ?? {}) : [];
    expect([...catalogue.systems.keys()]).toEqual(expect.arrayContaining(systems));
  },
);

test('what a lost machine has left is found and taken down as docs/self-hosted.md says', async () => {
  const { text } = documented('docs/self-hosted.md: When a machine was switched off');
  const project = /--project-name (\S+)/.exec(text)?.[1] ?? '';
  const file = join(folder, 'left.json');
  await writeFile(file, JSON.stringify({ services: { orders: script('sleep 600') } }));
  succeed(await compose.create(project, file, ['orders'], AbortSignal.timeout(30_000)));
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', text]);
  expect(stdout).toMatch(new RegExp(`^${project} +created`, 'm'));
  const kinds = ['container', 'network', 'volume'] as const;
  expect(await Promise.all(kinds.map((kind) => docker.labelled(kind, project)))).toEqual([[], [], []]);
}, 30_000);

test.for(ofKind('authorized key').map((example) => [placeOf(example), example] as const))(
  '%s lets a command run that Docker has',
  async ([, { text }]) => {
    const [program = '', ...args] = /command="([^"]+)"/.exec(text)?.[1]?.split(' ') ?? [];
    const { stdout } = await promisify(execFile)(program, [...args, '--help']);
    expect(stdout).toContain(`Usage:  ${[program, ...args].join(' ')}`);
  },
);
