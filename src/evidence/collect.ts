import { relative } from 'node:path';
import { stringify } from 'yaml';
import { type EngineEvents, engineEvents, renderEvents } from '../core/evidence/events.ts';
import { layout, renderReadMe } from '../core/evidence/layout.ts';
import { type ContainerSummary, makeReport, type ReportParts, summaryOf } from '../core/evidence/report.ts';
import { redactJson } from '../core/redaction/redact-json.ts';
import { createRedactor } from '../core/redaction/redactor.ts';
import { keepCallersFiles } from './callers-files.ts';
import { type Collection, type EvidenceRequest, type EvidenceWorld, usualLimits } from './collection.ts';
import { keepContainers } from './containers.ts';
import { evidenceFolder } from './folder.ts';
import { keepHost } from './host.ts';
import { type Look, lookAtContainers } from './look.ts';
import { newParts } from './parts.ts';

/** What was collected. */
export interface Evidence {
  readonly folder: string;
  /** Absolute paths of what may be uploaded; none where something could not be redacted. */
  readonly files: readonly string[];
  /** False once something could not be redacted: nothing may leave the machine then. */
  readonly redacted: boolean;
  readonly containers: readonly ContainerSummary[];
  readonly warnings: readonly string[];
}

/** Of the budget, what remains for late parts to end and for the report. */
const reserve = 0.1;

/** What a look at the containers may take: an engine that hangs must not keep the machine's own state from being told. */
const firstShare = 0.4;

/**
 * Collects what tells how a run went, before its stack is taken down. Every part stands alone: one that fails, or for which
 * no time is left, is a warning. Never throws.
 */
export async function collectEvidence(
  request: EvidenceRequest,
  world: EvidenceWorld,
  redactorOf: typeof createRedactor = createRedactor,
): Promise<Evidence> {
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const first = newParts(request.budget * firstShare, world.machine, warn);
  const parts = newParts(request.budget * (1 - reserve), world.machine, warn);
  const nothing = { folder: request.folder, files: [], redacted: false, containers: [], warnings };
  try {
    await world.machine.makeFolder(request.folder);
    const look = await first.part('the containers', () =>
      lookAtContainers(request.project, world, first.signal, warn),
    );
    const redactor = redactorOf([...request.secrets, ...(look?.secrets ?? [])], request.published);
    const folder = evidenceFolder(request.folder, redactor, world.files);
    const limits = { ...usualLimits, ...request.limits };
    const collection: Collection = { request, limits, world, folder, warn, ...parts };
    const found = await collect(look?.containers ?? [], collection);
    await writeReport(found, collection, warnings);
    folder.close();
    const redacted = folder.redacted();
    if (!redacted)
      warn('Evidence: something could not be redacted, so nothing of it may leave this machine.');
    const containers = (look?.containers ?? []).map(summaryOf);
    return { folder: request.folder, files: redacted ? folder.files() : [], redacted, containers, warnings };
  } catch (error) {
    warn(`Evidence could not be collected: ${error instanceof Error ? error.message : String(error)}`);
    return nothing;
  } finally {
    first.end();
    parts.end();
  }
}

type Found = Pick<ReportParts, 'containers' | 'host' | 'engine' | 'events' | 'tookMs'>;

async function collect(seen: Look['containers'], collection: Collection): Promise<Found> {
  const { world, part } = collection;
  const began = world.machine.now();
  const [containers, host, events] = await Promise.all([
    keepContainers(seen, collection),
    keepHost(collection),
    part('the events', () => keepEvents(seen, collection)),
    part('the Compose model', () => keepModel(collection)),
    part('the caller’s files', () => keepCallersFiles(collection)),
  ]);
  const tookMs = world.machine.now() - began;
  return { containers, ...host, ...(events === undefined ? {} : { events }), tookMs };
}

/** Told last, also where no time was left for something else. */
async function writeReport(
  found: Found,
  { request, world, folder, warn }: Collection,
  warnings: readonly string[],
): Promise<void> {
  const { part, end } = newParts(request.budget * reserve, world.machine, warn);
  const files = () =>
    folder
      .files()
      .map((file) => relative(request.folder, file))
      .sort();
  const report = makeReport({
    ...request,
    variables: world.runner.variables(),
    ...found,
    files: files(),
    warnings,
    writtenAt: world.machine.date(),
  });
  await part('the report', () => folder.json(layout.report, report));
  await part('the read-me', () =>
    folder.write(layout.readMe, renderReadMe(request.project, files(), folder.copied())),
  );
  end();
}

async function keepEvents(
  seen: Look['containers'],
  { request, world, folder, signal }: Collection,
): Promise<EngineEvents> {
  const created = seen.map((each) => Date.parse(each.created)).filter(Number.isFinite);
  const now = world.machine.date();
  const since = Math.min(request.record?.began ?? now, ...created, now);
  const { stdout, stderr, exitCode } = await world.engine.pastEvents(since, now, signal);
  if (exitCode !== 0) throw new Error(stderr.trim() || 'Docker does not answer');
  const events = engineEvents(stdout, request.project);
  await folder.write(layout.events, renderEvents(events));
  return events;
}

/** Texts are cleaned before they are YAML, which breaks them over lines and adds signs. */
async function keepModel({ request, folder }: Collection): Promise<void> {
  if (request.model === undefined) return;
  const clean = folder.clean(redactJson(request.model, request.published));
  await folder.write(layout.model, stringify(clean, { lineWidth: 0, aliasDuplicateObjects: false }));
}
