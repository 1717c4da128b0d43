import { type CachePolicy, cachePolicy } from './core/images/policy.ts';
import type { Inputs } from './core/inputs.ts';
import type { Plan } from './core/plan.ts';
import type { Run } from './run.ts';
import type { WarmSetting } from './seek-archives.ts';
import { type WarmStarts, warmStarts } from './warm-starts.ts';
import type { World } from './world.ts';

/** What this run does with the repository's cache. */
export function policyFor(inputs: Inputs, { runner, cache }: World): CachePolicy {
  const trigger = {
    event: runner.variable('GITHUB_EVENT_NAME'),
    refType: runner.variable('GITHUB_REF_TYPE'),
  };
  return cachePolicy(inputs.cache, trigger, cache.available());
}

/** Of the engine, as registries name it. */
export function platformOf({ engine }: Run): string {
  return `linux/${engine?.architecture ?? 'amd64'}`;
}

/** Class-data archives are fetched from here on, those of the images that are on the machine. */
export function warmFor(
  known: Omit<WarmSetting, 'architecture' | 'use'> & { readonly plan: Plan },
  jvm: Inputs['jvm'],
  { read, write }: CachePolicy,
  { engine }: Run,
  world: World,
  cancelled: AbortSignal,
): WarmStarts {
  const use = jvm === 'throughput' || !read ? 'off' : write ? 'write' : 'read';
  const setting: WarmSetting = { ...known, architecture: engine?.architecture ?? '', use };
  const warm = warmStarts(setting, world, cancelled);
  // Those that wait for others can use what comes a little later.
  const here = known.plan.systems.filter(({ image }) => known.here.has(image));
  warm.begin([...here].sort((a, b) => Number(b.after.length > 0) - Number(a.after.length > 0)));
  return warm;
}
