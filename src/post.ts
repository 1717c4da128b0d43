import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { finish } from './finish.ts';
import { artifacts } from './io/artifacts.ts';
import { realWorld } from './world.ts';

// Megabytes of log pass through here. With V8's usual growth that takes 190 MB of memory, so 130, in the same time.
setFlagsFromString('--optimize-for-size');
await finish(realWorld(join(dirname(process.argv[1] ?? ''), '../../compose')), artifacts);
// The artifact client may still be busy with what was given up.
process.exit();
