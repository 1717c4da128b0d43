import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vitest/config';

/** GitHub's parser imports JSON in a way that Node refuses, so it goes through Vite like our own files. */
const parser = /\/node_modules\/@actions\/(languageservice|workflow-parser|expressions)\/.*\.js$/;

/** It names source maps whose sources it does not bring, which makes Vite warn a hundred times. */
const withoutMaps: Plugin = {
  name: 'without-maps',
  enforce: 'pre',
  load: (id) =>
    parser.test(id) ? readFileSync(id, 'utf8').replace(/\/\/# sourceMappingURL=.*/, '') : undefined,
};

export default defineConfig({
  plugins: [withoutMaps],
  test: {
    // One engine and two cores: whole stacks run one after another.
    fileParallelism: false,
    testTimeout: 10_000,
    hookTimeout: 120_000,
    server: { deps: { inline: [parser] } },
  },
});
