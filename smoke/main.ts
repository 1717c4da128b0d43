import { githubRunner } from '../src/io/runner.ts';
import { checks, groups } from './checks/all.ts';
import { smoke } from './smoke.ts';
import { realWorld } from './world.ts';

const cancelled = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancelled.abort());
await smoke(realWorld(githubRunner()), { checks, groups }, cancelled.signal);
// Clients may still hold connections to what has not answered.
process.exit();
