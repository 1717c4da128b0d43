import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { collectEvidence, type Evidence } from '../../src/evidence/collect.ts';
import type { EvidenceRequest } from '../../src/evidence/collection.ts';
import { realWorld } from '../../src/world.ts';
import { poll } from '../scenarios/caller-stack.ts';
import { docker, newProject, type Project, succeed } from './project.ts';

/** A value under a secret name. */
export const secret = 'correct-horse-battery';

/** What was collected of a project. */
export interface Collected {
  readonly evidence: Evidence;
  /** Content of the files, by their paths in the folder. */
  readonly texts: ReadonlyMap<string, string>;
  readonly text: (path: string) => string;
  readonly json: (path: string) => ReturnType<typeof JSON.parse>;
}

/** The evidence of a project as it stands now. */
export async function evidenceOf(
  project: string,
  changes: Partial<EvidenceRequest> = {},
): Promise<Collected> {
  const folder = await mkdtemp(join(tmpdir(), 'evidence-'));
  const nothing = { published: [], secrets: [], include: [], workspace: folder };
  const wanted = { project, folder, outcome: 'failure', budget: 60_000, ...nothing, ...changes } as const;
  const evidence = await collectEvidence(wanted, realWorld(''));
  const texts = new Map<string, string>();
  for (const file of evidence.files) texts.set(relative(folder, file), await readFile(file, 'utf8'));
  await rm(folder, { recursive: true });
  const text = (path: string) => texts.get(path) ?? '';
  return { evidence, texts, text, json: (path: string) => JSON.parse(text(path)) };
}

/** Waits until the first containers of these services have ended. */
export async function untilExited(
  project: Project,
  ids: ReadonlyMap<string, string>,
  services: readonly string[],
) {
  for (const service of services) {
    await poll(async () => {
      const [line = '{}'] = succeed(await docker.inspect([ids.get(service) ?? '']));
      return JSON.parse(line).status === 'exited' || undefined;
    }, `end of ${service} in ${project.name}`);
  }
}

/** Starts services in a project of their own. */
export async function run(services: Readonly<Record<string, object>>) {
  const project = await newProject();
  const ids = await project.start(await project.model({ services }), Object.keys(services));
  return { project, ids };
}
