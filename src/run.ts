import { join } from 'node:path';
import type { Catalogue } from './core/catalogue/catalogue.ts';
import type { Failure } from './core/errors.ts';
import type { ImageRecord } from './core/images/image-record.ts';
import type { EngineRecord, RunRecord } from './core/record.ts';
import { type Lanes, recordsOf } from './lanes.ts';
import type { Redacting } from './redacting.ts';
import type { World } from './world.ts';

/** One run of the action while it goes on. What is not there yet has not been reached. */
export interface Run {
  /** The moment it began, by the clock that never goes back, and by the date. Milliseconds. */
  readonly began: number;
  readonly date: number;
  project?: string;
  /** The run's folder. */
  directory?: string;
  /** The artifact that post will upload; none where logs are never kept. */
  artifact?: string;
  engine?: EngineRecord;
  catalogue?: Catalogue;
  lanes?: Lanes;
  images?: readonly ImageRecord[];
  cache?: string;
}

export function newRun({ machine }: World): Run {
  return { began: machine.now(), date: machine.date() };
}

/** Writes down how the run went, for post and for the report; gives what it wrote. */
export async function leaveRecord(
  run: Run,
  outcome: RunRecord['outcome'],
  { world, warnings }: Pick<Redacting, 'world' | 'warnings'>,
  failure?: Failure,
): Promise<RunRecord> {
  const record: RunRecord = {
    project: run.project ?? '',
    began: run.date,
    took: Math.round(world.machine.now() - run.began),
    outcome,
    ...(failure === undefined ? {} : { failure }),
    ...(run.engine === undefined ? {} : { engine: run.engine }),
    systems: run.lanes === undefined ? [] : recordsOf(run.lanes, failure),
    ...(run.images === undefined ? {} : { images: run.images }),
    ...(run.cache === undefined ? {} : { cache: run.cache }),
    warnings: [...warnings],
  };
  if (run.directory === undefined) return record;
  try {
    await world.machine.writeText(recordFile(run.directory), JSON.stringify(record));
  } catch (error) {
    world.runner.warning(`How the run went could not be written down: ${String(error)}`);
  }
  return record;
}

/** Where main leaves the record of a run. */
export function recordFile(directory: string): string {
  return join(directory, 'record.json');
}

/** Where main leaves the resolved Compose model. */
export function modelFile(directory: string): string {
  return join(directory, 'model.json');
}

/** The folder for what comes from the cache and goes there, beside the run's, which is gone when post saves. */
export function cacheFolder(directory: string): string {
  return `${directory}.cache`;
}

/** Where main leaves for post which images to keep. */
export function imagesFile(directory: string): string {
  return join(cacheFolder(directory), 'left.json');
}

/** Where main leaves the catalogue of the model. */
export function catalogueFile(directory: string): string {
  return join(directory, 'catalogue.json');
}

/** Where main leaves its output `services`, for actions that use the running stack. */
export function servicesFile(directory: string): string {
  return join(directory, 'services.json');
}
