import type { Failure } from '../errors.ts';
import type { ImageRecord } from '../images/image-record.ts';
import type { RunRecord, SystemRecord } from '../record.ts';
import { milliseconds } from '../report.ts';
import type { ContainerFacts, ContainerState, Health } from './container.ts';
import type { EngineEvents } from './events.ts';
import type { EngineFacts, HostFacts } from './host.ts';
import type { Resources } from './resources.ts';

/** The published schema of report.json. */
const schema = 'https://github.com/paklog/infra-action/blob/v1/docs/report.schema.json';

/** What became of a container's log. */
export interface LogFacts {
  /** Below the evidence's folder. */
  readonly file: string;
  /** Of the log, that are kept. */
  readonly bytes: number;
  /** False where something is left out. */
  readonly complete: boolean;
  readonly leftOutBytes?: number;
  /** Why it is not complete. */
  readonly note?: string;
}

/** A container as the collection met it. */
export interface ContainerEvidence {
  readonly facts: ContainerFacts;
  readonly resources?: Resources;
  readonly log?: LogFacts;
}

/** Everything that a report is made of. */
export interface ReportParts {
  readonly project: string;
  readonly outcome: RunRecord['outcome'];
  readonly record?: RunRecord;
  readonly variables: Readonly<Record<string, string>>;
  readonly containers: readonly ContainerEvidence[];
  readonly host?: HostFacts;
  readonly engine?: EngineFacts;
  readonly events?: EngineEvents;
  /** Below the evidence's folder. */
  readonly files: readonly string[];
  readonly warnings: readonly string[];
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
  /** Milliseconds. */
  readonly tookMs: number;
}

/** GitHub's variables that tell which run this was. */
const runVariables = {
  repository: 'GITHUB_REPOSITORY',
  runId: 'GITHUB_RUN_ID',
  attempt: 'GITHUB_RUN_ATTEMPT',
  job: 'GITHUB_JOB',
  workflow: 'GITHUB_WORKFLOW',
  event: 'GITHUB_EVENT_NAME',
  ref: 'GITHUB_REF',
  commit: 'GITHUB_SHA',
  actionRef: 'GITHUB_ACTION_REF',
  runnerOs: 'RUNNER_OS',
  runnerArchitecture: 'RUNNER_ARCH',
  runnerName: 'RUNNER_NAME',
  runnerImage: 'ImageOS',
  runnerImageVersion: 'ImageVersion',
} as const;

/** The content of report.json, as docs/report.schema.json describes it. */
export function makeReport(parts: ReportParts) {
  const { project, outcome, record, variables, containers, host, engine, events, warnings } = parts;
  const services = new Set([
    ...(record?.systems ?? []).map(({ service }) => service),
    ...containers.map(({ facts }) => facts.service),
  ]);
  return {
    $schema: schema,
    schemaVersion: 1,
    writtenAt: new Date(parts.writtenAt).toISOString(),
    project,
    outcome,
    ...given('failure', record?.failure === undefined ? undefined : failureOf(record.failure)),
    run: Object.fromEntries(
      Object.entries(runVariables).flatMap(([name, variable]) => {
        const value = variables[variable] ?? '';
        return value === '' ? [] : [[name, value]];
      }),
    ),
    ...given('start', record === undefined ? undefined : startOf(record)),
    systems: [...services].map((service) => {
      const known = record?.systems.find((system) => system.service === service);
      const own = containers.filter(({ facts }) => facts.service === service);
      return { service, ...(known === undefined ? {} : systemOf(known)), containers: own.map(containerOf) };
    }),
    ...given('images', record?.images?.map(imageOf)),
    ...given('cache', record?.cache),
    ...given('events', events),
    ...given('host', host),
    ...given('engine', engine),
    files: parts.files,
    warnings: [...(record?.warnings ?? []), ...warnings],
    tookMs: Math.round(parts.tookMs),
  };
}

function given<Name extends string, T>(name: Name, value: T | undefined): { [K in Name]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { [K in Name]?: T };
}

/** How main went. The record of an older or newer version may hold more than the schema knows. */
function startOf({ began, took, outcome, engine }: RunRecord) {
  return {
    at: new Date(began).toISOString(),
    tookMs: Math.round(took),
    outcome,
    ...given('compose', engine?.compose),
  };
}

function failureOf({ code, system, what, why, advice }: Failure) {
  return { code, ...given('system', system), what, why, advice };
}

function systemOf(system: SystemRecord) {
  const { title, image, source, after, stage, pullStartedAt, pulledAt, startedAt, worksAt, urls } = system;
  return {
    title,
    image,
    source,
    after,
    stage,
    ...given('pullStartedAtMs', rounded(pullStartedAt)),
    ...given('pulledAtMs', rounded(pulledAt)),
    ...given('startedAtMs', rounded(startedAt)),
    ...given('worksAtMs', rounded(worksAt)),
    urls,
    probes: system.probes.map(({ at, answer }) => ({ atMs: Math.round(at), answer })),
  };
}

function imageOf({ image, origin, digest, bytes, seconds, otherWay }: ImageRecord) {
  return {
    image,
    origin,
    ...given('digest', digest),
    ...given('bytes', bytes),
    ...given('tookMs', milliseconds(seconds)),
    ...given('otherWayMs', milliseconds(otherWay)),
  };
}

function rounded(moment: number | undefined): number | undefined {
  return moment === undefined ? undefined : Math.round(moment);
}

function containerOf({ facts, resources, log }: ContainerEvidence) {
  const { id, name, number, image, imageId, created, state, restarts, health } = facts;
  return {
    id,
    name,
    number,
    image,
    imageId,
    created,
    state,
    restarts,
    ...given('health', health),
    ...given('resources', resources),
    ...given('log', log),
  };
}

/** What the caller of a collection is told of a container. */
export interface ContainerSummary extends Pick<ContainerState, 'status' | 'exitCode' | 'oomKilled'> {
  readonly service: string;
  readonly name: string;
  readonly restarts: number;
  /** Docker's word, where the container has a health check. */
  readonly health?: Health['status'];
}

export function summaryOf({ service, name, state, restarts, health }: ContainerFacts): ContainerSummary {
  const { status, exitCode, oomKilled } = state;
  return { service, name, status, exitCode, oomKilled, restarts, ...given('health', health?.status) };
}
