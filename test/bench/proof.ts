import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageOrigin } from '../../src/core/images/image-record.ts';
import { asArray, asObject, asString } from '../../src/core/json.ts';
import { recordFile } from '../../src/run.ts';
import type { ArmName } from './options.ts';
import { project, type Stack } from './stack.ts';

/**
 * Whether the action got its images in the way that is to be measured, by its own record.
 * @throws when an image came in another way than by one of these, or the record does not tell of every image.
 */
export async function requireOrigins(folder: string, wanted: readonly ImageOrigin[], { model }: Stack) {
  const text = await readFile(recordFile(join(folder, 'temp/infra-action', project)), 'utf8');
  const records = asArray(asObject(JSON.parse(text))?.['images']).map((item) => asObject(item) ?? {});
  const told = new Map(
    records.map((record) => [asString(record['image']) ?? '', asString(record['origin']) ?? '']),
  );
  const other = [...new Set([...model.services.values()].map(({ image }) => image))]
    .filter((image) => !wanted.some((origin) => origin === told.get(image)))
    .map((image) => `${image}: ${told.get(image) ?? 'not in the record'}`);
  if (other.length > 0)
    throw new Error(`Not every image came as it should (${wanted.join(' or ')}): ${other.join(', ')}`);
}

/** What the registry and the cache service have sent for a run. */
export interface Sent {
  readonly upstream: number;
  readonly cached: number;
}

/** Manifests, and what else is asked where nothing is brought. */
const little = 1e6;

/**
 * The same for every arm, by what the servers have sent; `total` is what all images have, each layer once.
 * @throws when a cold run brought less than everything, a warm one less than it can do with, or another one anything.
 */
export function requireBytes(name: ArmName, { upstream, cached }: Sent, total: number): void {
  const all = { registry: upstream >= total, cache: cached >= total / 2 };
  const none = { registry: upstream <= little, cache: cached <= little };
  const right: Readonly<Record<ArmName, boolean>> = {
    compose: all.registry,
    original: all.registry,
    cold: all.registry && none.cache,
    // Packed anew, layers are smaller in the cache.
    warm: upstream + cached >= total / 2,
    'save-load': all.cache && none.registry,
    'compose-local': none.registry,
    'original-local': none.registry,
    'warm-start': none.registry,
    'off-local': none.registry && none.cache,
  };
  if (right[name]) return;
  const mega = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  throw new Error(
    `${name}: ${mega(upstream)} from the registry and ${mega(cached)} from the cache, of ${mega(total)} in all`,
  );
}
