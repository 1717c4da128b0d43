import { dirname, join } from 'node:path';
import { down } from './down.ts';
import { artifacts } from './io/artifacts.ts';
import { realWorld } from './world.ts';

await down(realWorld(join(dirname(process.argv[1] ?? ''), '../../compose')), artifacts);
process.exit();
