import { liveTable, news, type Phase, phaseOf, reminder, type Shown } from './core/progress.ts';
import type { SystemRecord } from './core/record.ts';
import type { World } from './world.ts';

/** Between two glances at what has changed. Milliseconds. */
const rhythm = 200;

/** Silence after which a log says who is waited for. Milliseconds. */
const silence = 15_000;

/**
 * Shows how systems come up until the signal aborts: in a log one group per phase with a line for every change, in a
 * terminal a table that is drawn again. `now` is in milliseconds from the start of the action.
 */
export async function showProgress(
  look: () => readonly SystemRecord[],
  now: () => number,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const glance = world.terminal.interactive
    ? () => world.terminal.draw(liveTable(look(), now(), world.terminal.columns()))
    : logger(look, now, world);
  while (!signal.aborted) {
    glance();
    await world.machine.sleep(rhythm, signal);
  }
  glance();
  if (world.terminal.interactive) world.terminal.done();
  else world.runner.closeGroup();
}

function logger(look: () => readonly SystemRecord[], now: () => number, { runner }: World): () => void {
  let phase: Phase | undefined;
  let shown: Shown = new Map();
  let said = now();
  return () => {
    const systems = look();
    const current = phaseOf(systems);
    if (current !== undefined && current !== phase) {
      runner.openGroup(current);
      phase = current;
    }
    const { lines, shown: after } = news(systems, shown, now());
    shown = after;
    for (const line of lines) runner.info(line);
    if (lines.length > 0) said = now();
    else if (current !== undefined && now() - said >= silence) {
      runner.info(reminder(systems, now()));
      said = now();
    }
  };
}
