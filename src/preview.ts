import { dirname, join } from 'node:path';
import { artifacts } from './io/artifacts.ts';
import { preview } from './preview/act.ts';
import { realWorld } from './world.ts';

const stack = join(dirname(process.argv[1] ?? ''), '../../compose');
const cancelled = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancelled.abort());
await preview((engine) => realWorld(stack, engine), artifacts, cancelled.signal);
// The artifact client may still be busy with what was given up.
process.exit();
