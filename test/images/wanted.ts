import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { decodeModel } from '../../src/core/model.ts';
import { select } from '../../src/core/selection.ts';

/** The stack's images by what `services` would mean for the action, each once. Compose's file is the only place of tags. */
export function wantedImages(services: readonly string[]): readonly string[] {
  const file = join(import.meta.dirname, '../../compose/compose.yaml');
  const compose = parse(readFileSync(file, 'utf8'), { merge: true });
  const { catalogue } = decodeCatalogue(compose['x-paklog']);
  const model = decodeModel(compose);
  const { selected, problems } = select({ services, own: [] }, model, catalogue);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(problem.what);
  return [...new Set(selected.map(({ service }) => model.services.get(service)?.image ?? ''))];
}

/** `redis:7.2.16-alpine` -> `redis` and `7.2.16-alpine`. */
export function splitReference(reference: string): { readonly repository: string; readonly tag: string } {
  const colon = reference.lastIndexOf(':');
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}
