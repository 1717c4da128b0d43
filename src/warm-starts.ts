import { type Warming, writingOptions } from './core/warm/archive.ts';
import { encodeLearned, learnedFile } from './core/warm/learned.ts';
import {
  describedIn,
  type Found,
  type Placed,
  type Sought,
  seeker,
  type WarmSetting,
} from './seek-archives.ts';
import type { World } from './world.ts';

export interface WarmStarts {
  /** Begins to fetch the archives of systems. */
  begin(placed: readonly Placed[]): void;
  /** What the container of a system is to be created with: its archive, a list to write, or neither. `waits`: for others. */
  settle(placed: Placed, waits: boolean): Promise<Warming | undefined>;
  /** Resolves when a container that was created with its archive may start: it is there, or will not be soon. */
  arrived(service: string): Promise<void>;
  /** Leaves for post which archives it is to write. */
  leave(): Promise<void>;
}

/**
 * How long a container waits. A system that could start at once waits for the archive itself, since it gains less than a long
 * wait may cost. One that waits for others is created with its archive as soon as the cache is known to have one; it comes until
 * the start, which waits so long for it and no longer. Milliseconds.
 */
const patience = { atOnce: 100, known: 1000, start: 1000 };

interface Settled {
  readonly warming: Warming;
  /** Also where the container did not wait for it. */
  readonly found: Promise<Found>;
  /** The container has started without it. */
  late: boolean;
}

/** The class-data archives of the JVM systems of a run; see `core/warm/archive.ts`. Nothing here throws. */
export function warmStarts(setting: WarmSetting, world: World, signal: AbortSignal): WarmStarts {
  const sought = new Map<string, Promise<Sought | undefined>>();
  const settled: Settled[] = [];
  const seek = seeker(setting, world, signal);
  const begin = (placed: readonly Placed[]) => {
    for (const each of placed) if (!sought.has(each.service)) sought.set(each.service, seek(each));
  };
  const decide = async (
    { service }: Placed,
    waits: boolean,
    late: Promise<undefined>,
  ): Promise<Warming | undefined> => {
    const each = await Promise.race([sought.get(service), late]);
    if (each === undefined) return undefined;
    const signs = waits ? [each.found, each.known] : [each.found];
    const found = (await Promise.race([...signs, late])) ?? 'none';
    if (found === 'broken' || (found === 'none' && setting.use !== 'write')) return undefined;
    const warming: Warming = { ...each.archive, step: found === 'whole' ? 'use' : 'learn' };
    settled.push({ warming, found: each.found, late: false });
    return warming;
  };
  return {
    begin,
    settle: async (placed, waits) => {
      begin([placed]);
      const most = waits ? patience.known : patience.atOnce;
      return within(most, world, (late) => decide(placed, waits, late));
    },
    arrived: async (service) => {
      const promised = settled.find(({ warming }) => warming.step === 'use' && warming.service === service);
      if (promised === undefined) return;
      const came = await within(patience.start, world, (late) => Promise.race([promised.found, late]));
      promised.late = came !== 'whole';
    },
    leave: () => leave(settled, setting, world),
  };
}

/** Does something that gives up when the time is over. Milliseconds. */
async function within<T>(
  time: number,
  { machine }: World,
  work: (late: Promise<undefined>) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const late = machine.sleep(time, done.signal).then(() => undefined);
  return work(late).finally(() => done.abort());
}

async function leave(
  settled: readonly Settled[],
  { model, directory }: WarmSetting,
  { machine, runner }: World,
): Promise<void> {
  const used = settled.flatMap(({ warming, late }) => (warming.step === 'use' && !late ? [warming] : []));
  const pending = new Promise<Found>((resolve) => setImmediate(() => resolve('whole')));
  const missing: Warming[] = [];
  for (const { warming, found } of settled)
    if (warming.step === 'learn' && (await Promise.race([found, pending])) === 'none') missing.push(warming);
  const names = (list: readonly { readonly service: string }[]) =>
    list.map(({ service }) => service).join(', ');
  if (used.length > 0) runner.info(`Started with class-data archives: ${names(used)}`);
  if (missing.length === 0) return;
  runner.info(`Post writes class-data archives for the next run: ${names(missing)}`);
  const tasks = missing.map(({ service, key, folder, jvm, before }) => {
    const value = writingOptions(describedIn(model.json, service), jvm, before);
    return { service, key, folder, variable: jvm.variable, value };
  });
  await machine.writeText(learnedFile(directory), encodeLearned(tasks)).catch((error: unknown) => {
    runner.info(`They will not be written: ${String(error)}`);
  });
}
