import type { ContainerFacts } from '../core/evidence/container.ts';
import { containerFolders, renderProbes, serviceFolder } from '../core/evidence/layout.ts';
import type { ContainerEvidence, LogFacts } from '../core/evidence/report.ts';
import { redactJson } from '../core/redaction/redact-json.ts';
import type { Collection } from './collection.ts';
import { writeLog } from './log.ts';
import { measure } from './measure.ts';

/** Containers whose logs are read at the same time. */
const lanes = 2;

/** Keeps what there is of each container: facts and figures first, since they are quick, then the logs. */
export async function keepContainers(
  containers: readonly ContainerFacts[],
  collection: Collection,
): Promise<readonly ContainerEvidence[]> {
  const { request, part, folder, limits } = collection;
  const folders = containerFolders(containers);
  const evidence = containers.map((facts) => ({ facts, place: folders.get(facts.id) ?? facts.id }));
  const figures = await Promise.all(
    evidence.map(({ facts }) => part(`what ${facts.name} has used`, () => measure(facts, collection))),
  );
  for (const [index, { facts, place }] of evidence.entries()) {
    const resources = figures[index];
    const shown = { ...facts, ...(resources === undefined ? {} : { resources }) };
    await part(`the state of ${facts.name}`, () =>
      folder.json(`${place}/container.json`, redactJson(shown, request.published)),
    );
  }
  for (const system of request.record?.systems ?? []) {
    if (system.probes.length === 0) continue;
    const file = `${serviceFolder(system.service)}/probes.txt`;
    await part(`the probes of ${system.service}`, () => folder.write(file, renderProbes(system)));
  }
  const budget = Math.floor(Math.min(limits.log, limits.logs / Math.max(1, containers.length)));
  const logs = await inLanes(evidence, ({ facts, place }) =>
    keepLog(facts, `${place}/log.txt`, budget, collection),
  );
  return evidence.map(({ facts }, index) => {
    const [resources, log] = [figures[index], logs[index]];
    return {
      facts,
      ...(resources === undefined ? {} : { resources }),
      ...(log === undefined ? {} : { log }),
    };
  });
}

function keepLog(
  { id, name }: ContainerFacts,
  file: string,
  budget: number,
  { part, folder, world, signal }: Collection,
): Promise<LogFacts | undefined> {
  return part(`the log of ${name}`, async () => {
    let facts: LogFacts | undefined;
    await folder.pieces(file, async (put) => {
      facts = { file, ...(await writeLog({ id, budget, put, engine: world.engine, signal })) };
    });
    return facts;
  });
}

/** Results in the order of the items, whichever was first. */
async function inLanes<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly (R | undefined)[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
