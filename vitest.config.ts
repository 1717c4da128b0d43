import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // One engine and two cores: whole stacks run one after another.
    fileParallelism: false,
    testTimeout: 10_000,
    hookTimeout: 120_000,
  },
});
