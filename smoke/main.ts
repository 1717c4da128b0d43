import { githubRunner } from '../src/io/runner.ts';
import { checks, groups } from './checks/all.ts';
import { told } from './core/asking.ts';
import { smoke } from './smoke.ts';
import { realWorld } from './world.ts';

const cancelled = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancelled.abort());
const runner = githubRunner();
// A check waits for its own answers. What a client throws beside them must not cost the others theirs.
for (const event of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(event, (error: unknown) => runner.info(`Beside the checks: ${told(error)}`));
await smoke(realWorld(runner), { checks, groups }, cancelled.signal);
process.exit();
