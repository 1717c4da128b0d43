// Writes docs/test-images.md from the recipes; `--check` fails when it is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allRecipes, type Recipe } from './recipes.ts';
import { splitReference, wantedImages } from './wanted.ts';

const file = join(import.meta.dirname, '../../docs/test-images.md');

const introduction = `# Images where no registry can be reached

Tests and demonstrations run on the published images where docker.io answers. Where it does not, \`make images\` builds images of the
same names and tags from the real upstream software, as package registries have it, and serves them from a local registry that
is dockerd's mirror: a pull is a pull, and the action cannot tell the difference. They keep the published images' contract:
entrypoint, environment, flags, user, directories, default memory, init scripts, and the tools that are missing there.

What they cannot keep is listed here. A check that needs it is skipped on the stand-in, by name and with the reason, and runs where
the published image is.

This page is generated from \`test/images/*/recipe.yaml\` by \`node test/images/docs.ts\`.
`;

function section(recipe: Recipe, reference: string): string {
  const { software, version, from } = recipe.upstream;
  const differences = recipe.differences.map(({ text, checks }) => {
    const skipped =
      checks === undefined ? '' : ` Skipped: ${checks.map((check) => `\`${check}\``).join(', ')}.`;
    return `- ${text}${skipped}`;
  });
  return [`## \`${reference}\``, '', `${software} ${version}, from ${from}.`, '', ...differences, ''].join(
    '\n',
  );
}

const references = wantedImages(['all']);
const sections = references.map((reference) => {
  const { repository } = splitReference(reference);
  const recipe = allRecipes().find((each) => each.repository === repository);
  if (recipe === undefined) throw new Error(`No recipe in test/images stands in for ${repository}.`);
  return section(recipe, reference);
});
const text = [introduction, ...sections].join('\n');
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/test-images.md is not what the recipes say: run `node test/images/docs.ts`.');
  process.exit(1);
}
