import { spawnSync } from 'node:child_process';
import { type Recipe, readRecipe } from './recipes.ts';

/** The recipe of the stand-in that the engine has under this name, `published` for a real one, `absent` for none. */
export function standIn(reference: string): Recipe | 'published' | 'absent' {
  const label = '{{index .Config.Labels "org.paklog.stand-in"}}';
  const asked = spawnSync('docker', ['image', 'inspect', '--format', label, reference], { encoding: 'utf8' });
  if (asked.status !== 0) return 'absent';
  const name = asked.stdout.trim();
  return name === '' ? 'published' : readRecipe(name);
}

/** Why a check cannot pass on the image that the engine has, or undefined where it can. */
export function whyNot(reference: string, check: string): string | undefined {
  const image = standIn(reference);
  const differences = typeof image === 'string' ? [] : image.differences;
  return differences.find(({ checks }) => checks?.includes(check))?.text;
}
