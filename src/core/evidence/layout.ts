import type { SystemRecord } from '../record.ts';
import type { ContainerFacts } from './container.ts';

/** Files at the top of the folder, and the folder of the caller's own files. */
export const layout = {
  readMe: 'README.txt',
  report: 'report.json',
  host: 'host.txt',
  events: 'events.txt',
  model: 'compose.yaml',
  files: 'files',
} as const;

/** What the artifact service refuses in paths (@actions/artifact, path-and-artifact-name-validation), and a NUL. */
const refusedSigns = /["<>:|*?\r\n\0]/g;

/** A path below the folder as the artifact service takes it. */
export function artifactPath(path: string): string {
  return path.replace(refusedSigns, '_');
}

/** The folder of each container, by ID: its service's, with a number in it where the service has several. */
export function containerFolders(
  containers: readonly Pick<ContainerFacts, 'id' | 'service' | 'number'>[],
): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    containers.map(({ id, service, number }) => {
      const alone = containers.filter((each) => each.service === service).length === 1;
      const wanted = alone ? serviceFolder(service) : `${serviceFolder(service)}/${number}`;
      // Commands that Compose ran for once count from 1, too; and two names may differ in signs that are not kept.
      const folder = taken.has(wanted) ? `${wanted}-${id.slice(0, 12)}` : wanted;
      taken.add(folder);
      return [id, folder] as const;
    }),
  );
}

/** Labels may be anything, so a service's name is made one that is a folder's, and none of ours. */
export function serviceFolder(service: string): string {
  const name = artifactPath(service).replace(/[/\\]/g, '_').replace(/^\.+$/, '_').slice(0, 100);
  const ours: readonly string[] = Object.values(layout);
  return name === '' || ours.includes(name) ? `service-${name}` : name;
}

/** What a system's probes heard, for a person. */
export function renderProbes({ title, probes }: SystemRecord): string {
  const lines = probes.map(({ at, answer }) => {
    const seconds = (at / 1000).toFixed(1).padStart(8);
    return `${seconds} s  ${answer === '' ? 'passed' : answer.replace(/\s+/g, ' ')}`;
  });
  return [
    `What ${title} answered to probes, each from its moment on, in seconds from the start of the action:`,
    '',
    ...lines,
    '',
  ].join('\n');
}

/** The text that says what is what; `copied` files are no text and have not passed the redactor. */
export function renderReadMe(project: string, files: readonly string[], copied: readonly string[]): string {
  const about: readonly (readonly [RegExp, string])[] = [
    [/^files\//, 'the caller’s own (input `logs-include`)'],
    [/^report\.json$/, 'everything below but the logs, for programs; its `$schema` describes it'],
    [
      /^host\.txt$/,
      'the machine at the end of the run: disks, memory, kernel, Docker Engine, listening ports',
    ],
    [/^events\.txt$/, 'what happened to containers: starts, exits, health, kills'],
    [/^compose\.yaml$/, 'the Compose model as it ran'],
    [/\/log\.txt$/, 'the container’s log: time of each line in UTC, both streams in order'],
    [
      /\/container\.json$/,
      'its state, health history, limits, ports, networks, mounts; of its environment the names',
    ],
    [/\/probes\.txt$/, 'what the system answered to probes while it started'],
  ];
  const width = Math.max(0, ...files.map((file) => file.length));
  const lines = files.map((file) => {
    const [, what = ''] = about.find(([pattern]) => pattern.test(file)) ?? [];
    const binary = copied.includes(file) ? ', no text and therefore as it was' : '';
    return `${file.padEnd(width)}  ${what}${binary}`.trimEnd();
  });
  return [
    `Evidence of a run of paklog/infra-action, Compose project ${project}.`,
    'Begin with report.json (`failure`) or with the log of the system that failed.',
    'Secrets are hidden in all text.',
    '',
    ...lines,
    '',
  ].join('\n');
}
