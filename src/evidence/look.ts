import { type ContainerFacts, containerFacts } from '../core/evidence/container.ts';
import { argumentsOf, environmentOf } from '../core/evidence/secrets.ts';
import { secretValues } from '../core/redaction/secrets.ts';
import type { EvidenceWorld } from './collection.ts';

/** The containers of a project, and what their logs must not show. */
export interface Look {
  readonly containers: readonly ContainerFacts[];
  readonly secrets: readonly string[];
}

/**
 * Inspects a project's containers. Of one that cannot be inspected nothing is kept: nobody knows then what is a secret in
 * its log.
 */
export async function lookAtContainers(
  project: string,
  { docker, engine }: EvidenceWorld,
  signal: AbortSignal,
  warn: (text: string) => void,
): Promise<Look> {
  const ids = await docker.labelled('container', project);
  if (ids === undefined) throw new Error('Docker does not answer');
  if (ids.length === 0) return { containers: [], secrets: [] };
  const { stdout, stderr } = await engine.inspectWhole(ids, signal);
  const seen = stdout.split('\n').flatMap(readJson);
  if (seen.length < ids.length)
    warn(
      `Evidence: ${ids.length - seen.length} of ${ids.length} containers cannot be inspected, so nothing of them is kept. ${stderr.trim()}`.trim(),
    );
  const secrets = seen.flatMap((json) => secretValues([...environmentOf(json), ...argumentsOf(json)]));
  const containers = seen
    .map(containerFacts)
    .sort((a, b) => a.service.localeCompare(b.service) || a.number - b.number);
  return { containers, secrets };
}

function readJson(line: string): readonly unknown[] {
  try {
    return line.trim() === '' ? [] : [JSON.parse(line)];
  } catch {
    return [];
  }
}
