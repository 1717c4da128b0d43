// The stack on this machine, through the built action: `node scripts/local.ts up [services]`, `node scripts/local.ts down`.
import { spawnSync } from 'node:child_process';

const [verb = '', ...words] = process.argv.slice(2);
const asked = words.flatMap((word) => word.split(/[\s,]+/)).filter((word) => word !== '');
const entries: Readonly<Record<string, string>> = { up: 'dist/main/index.js', down: 'dist/down/index.js' };
const entry = entries[verb];
if (entry === undefined) throw new Error('The first word is `up` or `down`.');

const inputs = {
  'INPUT_PROJECT-NAME': 'paklog-local',
  INPUT_SERVICES: asked.join(','),
  INPUT_TEARDOWN: 'never',
  INPUT_LOGS: 'never',
};
const { status } = spawnSync(process.execPath, [entry], {
  stdio: 'inherit',
  env: { ...process.env, ...inputs },
});
process.exitCode = status ?? 1;
