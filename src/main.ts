import { dirname, join } from 'node:path';
import { up } from './up.ts';
import { realWorld } from './world.ts';

const cancelled = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancelled.abort());
await up(realWorld(join(dirname(process.argv[1] ?? ''), '../../compose')), cancelled.signal);
process.exit();
