import { dirname, join } from 'node:path';
import { finish } from './finish.ts';
import { artifacts } from './io/artifacts.ts';
import { realWorld } from './world.ts';

await finish(realWorld(join(dirname(process.argv[1] ?? ''), '../../compose')), artifacts);
process.exit();
