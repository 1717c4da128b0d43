import type { Catalogue } from './core/catalogue/catalogue.ts';
import { decodeCatalogue } from './core/catalogue/decode-catalogue.ts';
import { asObject, type Json } from './core/json.ts';
import type { LogWishes } from './core/log-wishes.ts';
import type { RunRecord } from './core/record.ts';
import { catalogueFile, modelFile, recordFile } from './run.ts';
import type { World } from './world.ts';

/** A stack at the end of its job: what is to be kept of it, and whether it goes. */
export interface Closing {
  readonly project: string;
  readonly directory: string;
  readonly logs: LogWishes;
  readonly teardown: 'always' | 'never';
  /** How the job went, as the runner says; empty where it does not say. */
  readonly jobStatus: string;
}

/** What is known of a run when it is closed. */
export interface Story {
  /** How main went; none where it was killed. */
  readonly record?: RunRecord;
  /** The Compose model as it ran; none where main did not come so far. */
  readonly model?: Json;
  /** What is known of the systems; empty where main did not come so far. */
  readonly catalogue: Catalogue;
  readonly outcome: RunRecord['outcome'];
}

/** Reads what main has left behind. */
export async function readStory({ directory, jobStatus }: Closing, { machine }: World): Promise<Story> {
  const read = async (file: string): Promise<Json | undefined> => {
    try {
      return asObject(JSON.parse(await machine.readText(file)));
    } catch {
      return undefined;
    }
  };
  // Written by main of the same version of the action, into a folder of the job's user alone.
  const record = (await read(recordFile(directory))) as RunRecord | undefined;
  const model = await read(modelFile(directory));
  return {
    ...(record === undefined ? {} : { record }),
    ...(model === undefined ? {} : { model }),
    catalogue: decodeCatalogue(await read(catalogueFile(directory))).catalogue,
    outcome: outcomeOf(jobStatus, record),
  };
}

/** A main that failed is a failure even where the job goes on without it, and one that left no record was killed. */
function outcomeOf(jobStatus: string, record: RunRecord | undefined): RunRecord['outcome'] {
  if (jobStatus === 'cancelled' || record?.outcome === 'cancelled') return 'cancelled';
  if (record?.outcome !== 'success' || jobStatus === 'failure') return 'failure';
  return 'success';
}
