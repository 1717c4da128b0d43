// The checks on the stack that `make up` keeps: `node smoke/local.ts [checks]`, such as `node smoke/local.ts kafka '!kafka.groups'`.
import { localRunner } from '../src/io/runner.ts';
import { checks, groups } from './checks/all.ts';
import { smoke } from './smoke.ts';
import { realWorld } from './world.ts';

const asked: Readonly<Record<string, string>> = {
  checks: process.argv.slice(2).join(','),
  'project-name': 'paklog-local',
};
const runner = { ...localRunner(), input: (name: string) => asked[name] ?? '' };
await smoke(realWorld(runner), { checks, groups }, new AbortController().signal);
process.exit();
