// Has every image of the named systems and groups: the published ones where they can be pulled, else stand-ins of the same
// names, built from the real upstream software. `node test/images/build.ts [group|system|all ...]`
import { statfsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exec } from '@actions/exec';
import { provide, pullInto, type Site } from './builder.ts';
import { allRecipes, contentKey, type Recipe } from './recipes.ts';
import { manifest, startRegistry, stopRegistry } from './registry.ts';
import { standIn } from './standins.ts';
import { splitReference, wantedImages } from './wanted.ts';

const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'paklog-infra-action');
const began = performance.now();
const site: Site = { cache, say: (text) => console.log(`images: ${text}`) };

/** Builds at a time: a linker takes 3 GB, and a build keeps a core busy. */
const buildsAtOnce = 2;

const asked = process.argv.slice(2).flatMap((word) => word.split(/[\s,]+/));
const services = asked.filter((name) => name !== '');
const references = wantedImages(services.length > 0 ? services : ['core']);
await ((await publishedImages()) ? pullPublished() : buildStandIns());
console.log(`images: ${references.length} there after ${((performance.now() - began) / 1000).toFixed(1)} s`);

/** Whether docker.io answers; PAKLOG_IMAGES=published or stand-ins decides instead. */
async function publishedImages(): Promise<boolean> {
  const wish = process.env['PAKLOG_IMAGES'];
  if (wish !== undefined) return wish === 'published';
  // The client asks docker.io itself here, never the mirror that this script serves.
  const asked = ['manifest', 'inspect', references[0] ?? ''];
  return (await exec('docker', asked, { silent: true, ignoreReturnCode: true })) === 0;
}

async function pullPublished(): Promise<void> {
  await stopRegistry(cache);
  await Promise.all(
    references.map(async (reference) => {
      if (standIn(reference) === 'published') return;
      site.say(`${reference}: pulling`);
      await exec('docker', ['pull', '--quiet', reference], { silent: true });
    }),
  );
}

async function buildStandIns(): Promise<void> {
  await startRegistry(cache);
  const recipes = references.map((reference) => ({ reference, recipe: recipeOf(reference) }));
  const todo: typeof recipes = [];
  for (const each of recipes) {
    const key = `key-${contentKey(each.recipe, each.reference)}`;
    if ((await manifest(splitReference(each.reference).repository, key)) === undefined) todo.push(each);
  }
  if (todo.length > 0) {
    site.say('no registry with the published images answers, so stand-ins are built (docs/test-images.md)');
    checkDisk(todo.map(({ recipe }) => recipe));
  }
  const queue = [...recipes].sort((a, b) => b.recipe.cpu - a.recipe.cpu);
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await provide(next.recipe, next.reference, site);
      await pullInto(next.reference, contentKey(next.recipe, next.reference), site);
    }
  };
  await Promise.all(Array.from({ length: buildsAtOnce }, work));
}

function recipeOf(reference: string): Recipe {
  const { repository } = splitReference(reference);
  const recipe = allRecipes().find((each) => each.repository === repository);
  if (recipe === undefined) throw new Error(`No recipe in test/images stands in for ${repository}.`);
  return recipe;
}

function checkDisk(recipes: readonly Recipe[]): void {
  const { bavail, bsize } = statfsSync(homedir());
  const free = Math.floor((bavail * bsize) / 1e6);
  const needed = recipes.reduce((sum, { disk }) => sum + disk, 2000);
  site.say(`${recipes.length} to build, at most ${needed} MB of disk, ${free} MB free`);
  if (free < needed)
    throw new Error(
      `Building needs ${needed} MB of disk below ${homedir()}, and ${free} MB are free. \`make clean\` frees what earlier builds keep.`,
    );
}
