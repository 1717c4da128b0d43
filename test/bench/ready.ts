/**
 * Time until every system works: the built action against `docker compose up -d --wait` and the original's settings.
 * `node test/bench/ready.ts [rounds]`; README.md here says what is measured and how.
 */
import { arms } from './arms.ts';
import { armTable, lastLines, type Measured, systemTable, versions } from './report.ts';
import { type Run, runOnce } from './run-once.ts';
import { readStack, requireImages } from './stack.ts';

const rounds = Number(process.argv[2] ?? 5);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('usage: node test/bench/ready.ts [rounds], a number of 1 or more');
  process.exit(2);
}

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

try {
  await bench();
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  console.error(interrupted.signal.aborted ? 'Interrupted; everything is taken down.' : text);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}

async function bench(): Promise<void> {
  const stack = await readStack();
  await requireImages(stack);
  const { ours, compose, original, chain } = arms(stack);
  const order = [ours, compose, original, chain];
  const runs = new Map(order.map((arm): [string, Run[]] => [arm.name, []]));
  // Every image's files are in the page cache from here on, for all arms alike.
  console.log(`warm-up, not counted: ${line(await runOnce(compose, stack, interrupted.signal))}`);
  for (let round = 1; round <= rounds; round += 1) {
    for (const arm of order) {
      const run = await runOnce(arm, stack, interrupted.signal);
      runs.get(arm.name)?.push(run);
      console.log(`round ${round} of ${rounds}, ${arm.name}: ${line(run)}`);
    }
  }
  const result = (arm: typeof ours): Measured => ({ arm, runs: runs.get(arm.name) ?? [] });
  const measured = order.map(result);
  console.log(`\n${await versions(stack)}`);
  console.log(`\n${armTable(measured)}`);
  console.log(`\n${systemTable(measured, ours.services)}\n`);
  console.log(lastLines(result(ours), result(compose), result(original), result(chain)));
}

function line({ ready, cpu, load }: Run): string {
  return `${ready.toFixed(1)} s, ${cpu.toFixed(1)} CPU s (${load.toFixed(2)} cores busy before)`;
}
