import { asObject, asString, type Json } from '../json.ts';

/** What happened to a container of the project, as the engine tells it. */
export interface EngineEvent {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly service: string;
  readonly container: string;
  /** Docker's words, e.g. `start`, `oom`, `die`, `health_status: healthy`. */
  readonly action: string;
  readonly exitCode?: number;
  readonly signal?: string;
}

export interface EngineEvents {
  readonly events: readonly EngineEvent[];
  /** The engine had no room for more events than it told, so earlier ones are likely to be lost. */
  readonly full: boolean;
}

/** An engine remembers so many events, of everything on it (moby, daemon/events: `eventsLimit`; seen on 28.5.2). */
const remembered = 256;

/**
 * Reads what `docker events` told of everything on the engine, one JSON object a line, and keeps what is of the project.
 * Commands that run inside containers, such as health checks, are noise.
 */
export function engineEvents(lines: string, project: string): EngineEvents {
  const all = lines.split('\n').flatMap(readEvent);
  const own = all.flatMap((json) => {
    const attributes = asObject(asObject(json['Actor'])?.['Attributes']) ?? {};
    const action = asString(json['Action']) ?? '';
    const isOwn = attributes['com.docker.compose.project'] === project && json['Type'] === 'container';
    return isOwn && !action.startsWith('exec_') ? [eventOf(json, attributes, action)] : [];
  });
  return { events: own, full: all.length >= remembered };
}

function readEvent(line: string): readonly Json[] {
  try {
    const json = asObject(JSON.parse(line));
    return json === undefined || typeof json['timeNano'] !== 'number' ? [] : [json];
  } catch {
    return [];
  }
}

/** Other attributes are labels, and those may be anything. */
function eventOf(json: Json, attributes: Json, action: string): EngineEvent {
  const [exitCode, signal] = [asString(attributes['exitCode']), asString(attributes['signal'])];
  return {
    at: new Date(Number(json['timeNano']) / 1e6).toISOString(),
    service: asString(attributes['com.docker.compose.service']) ?? '',
    container: asString(attributes['name']) ?? '',
    action,
    ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Events for a person, one a line. */
export function renderEvents({ events, full }: EngineEvents): string {
  const width = Math.max(0, ...events.map(({ container }) => container.length));
  const lines = events.map(({ at, container, action, exitCode, signal }) => {
    const more = [
      ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
      ...(signal === undefined ? [] : [`signal ${signal}`]),
    ];
    return `${at}  ${container.padEnd(width)}  ${[action, ...more].join(', ')}`;
  });
  const lost = full
    ? [`The engine keeps only its last ${remembered} events; earlier ones are likely to be missing here.`, '']
    : [];
  return `${[...lost, ...(lines.length === 0 ? ['The engine tells of no event.'] : lines)].join('\n')}\n`;
}
