import { execFileSync } from 'node:child_process';
import { type Recipe, readRecipe } from './recipes.ts';

/** The recipe of the stand-in that the engine has under this name; undefined for a published image. */
export function standIn(reference: string): Recipe | undefined {
  const label = '{{index .Config.Labels "org.paklog.stand-in"}}';
  const name = execFileSync('docker', ['image', 'inspect', '--format', label, reference], {
    encoding: 'utf8',
  }).trim();
  return name === '' ? undefined : readRecipe(name);
}

/** Why a check cannot pass on the image that the engine has, or undefined where it can. */
export function whyNot(reference: string, check: string): string | undefined {
  const differences = standIn(reference)?.differences ?? [];
  return differences.find(({ checks }) => checks?.includes(check))?.text;
}
