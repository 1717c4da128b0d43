import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyCheckout, runAct } from '../runner/act.ts';
import { leaksOf } from '../runner/leaks.ts';

const fixture = fileURLToPath(new URL('../runner/fixtures/scripted', import.meta.url));

/** A job that uses the action at its tag, and then does this. */
function workflow(inputs: Readonly<Record<string, string>>, script: string): string {
  return JSON.stringify({
    name: 'CI',
    on: 'push',
    jobs: {
      test: {
        'runs-on': 'ubuntu-latest',
        steps: [
          { uses: 'actions/checkout@v4' },
          { id: 'infra', uses: 'paklog/infra-action@v1', with: inputs },
          { shell: 'bash', run: script },
        ],
      },
    },
  });
}

/** Redis asked over the exported address, with nothing but bash. */
const ping = `
  address=\${REDIS_URL#redis://}
  exec 3<>"/dev/tcp/\${address%:*}/\${address#*:}"
  printf 'PING\\r\\n' >&3
  read -r answer <&3
  echo "at $address: \${answer%?}"
  [ "$answer" = $'+PONG\\r' ]`;

let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'infra-action-'));
  await copyCheckout(copy);
}, 300_000);

afterAll(() => rm(copy, { recursive: true, force: true }));

test('act itself: outputs, variables and state of an action from another repository', async () => {
  const inputs = {
    main: "file('GITHUB_OUTPUT', 'answer=42\\n'); file('GITHUB_ENV', 'EXPORTED=yes\\n'); file('GITHUB_STATE', 'kept=1\\n')",
    post: "say(process.version + ' remembers ' + env.STATE_kept)",
  };
  const repositories = { 'paklog/infra-action@v1': fixture };
  const script = `echo "answer \${{ steps.infra.outputs.answer }}, exported $EXPORTED"; exit 3`;
  const { code, output } = await runAct({ workflow: workflow(inputs, script), repositories });
  expect(code, output).toBe(1);
  expect(output).toContain('| answer 42, exported yes');
  expect(output).toMatch(/\| v24\.\S+ remembers 1/);
}, 300_000);

const outcomes: ReadonlyArray<readonly [string, string, number]> = [
  ['green', ping, 0],
  ['red', `${ping}; exit 3`, 1],
];

test.for(outcomes)(
  'a service’s own workflow, %s: the system answers, and is gone afterwards',
  { timeout: 300_000 },
  async ([, script, result]) => {
    const leaks = await leaksOf();
    const repositories = { 'paklog/infra-action@v1': copy };
    const { code, output } = await runAct({
      workflow: workflow({ services: 'redis', ports: 'dynamic' }, script),
      repositories,
    });
    expect(code, output).toBe(result);
    expect(output).toMatch(/\| at localhost:\d+: \+PONG/);
    expect(output).toContain('Success - Post paklog/infra-action@v1');
    expect(await leaks(), output).toEqual([]);
  },
);
