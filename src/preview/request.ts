import { resolve } from 'node:path';
import { decodeCatalogue } from '../core/catalogue/decode-catalogue.ts';
import { inputFailure, UserError } from '../core/errors.ts';
import { asObject, type Json } from '../core/json.ts';
import { type PreviewInputs, parsePreviewInputs, previewInputNames } from '../core/preview/inputs.ts';
import { decide, readTrigger, type Task, type Trigger } from '../core/preview/trigger.ts';
import { unknownNames } from '../core/selection.ts';
import { type ComposeFile, readCompose, serviceNames, stackFileOf, workspace } from '../read-request.ts';
import type { World } from '../world.ts';

/** What is asked of a run of `preview`, read and checked as far as that goes without an engine. */
export interface PreviewRequest {
  readonly inputs: PreviewInputs;
  readonly task: Task;
  readonly trigger: Trigger;
  /** `owner/name` */
  readonly repository: string;
  readonly runUrl: string;
  /** The stack's Compose files; none for `services: none`. */
  readonly stackFiles: readonly string[];
  /** The services of the stack's file. */
  readonly stackServices: readonly string[];
  /** The caller's Compose files, absolute. */
  readonly ownFiles: readonly string[];
}

/**
 * Reads inputs, event and Compose files, and reports all problems at once, before anything is asked or started.
 * @throws UserError
 */
export async function readPreviewRequest(world: World): Promise<PreviewRequest> {
  const { runner } = world;
  const raw = Object.fromEntries(previewInputNames.map((name) => [name, runner.input(name)]));
  const { inputs, problems } = parsePreviewInputs(raw);
  const trigger = readTrigger(runner.variable('GITHUB_EVENT_NAME'), await readEvent(world));
  const task = decide(inputs, trigger);
  // The event comes first: what must not run is not asked for better inputs.
  if ('code' in task && task.code !== 'INPUT_INVALID') throw new UserError(task);
  const files = 'kind' in task && task.kind !== 'up' ? nothing : await readFiles(inputs, world);
  const found = [...problems, ...files.problems];
  if (found.length > 0) throw inputFailure(found);
  if ('code' in task) throw new UserError(task);
  const repository = runner.variable('GITHUB_REPOSITORY');
  const runUrl = `${runner.variable('GITHUB_SERVER_URL')}/${repository}/actions/runs/${runner.variable('GITHUB_RUN_ID')}`;
  const { stackFiles, stackServices, ownFiles } = files;
  return { inputs, task, trigger, repository, runUrl, stackFiles, stackServices, ownFiles };
}

type Files = Pick<PreviewRequest, 'stackFiles' | 'stackServices' | 'ownFiles'> &
  Pick<ComposeFile, 'problems'>;
const nothing: Files = { stackFiles: [], stackServices: [], ownFiles: [], problems: [] };

async function readFiles(inputs: PreviewInputs, world: World): Promise<Files> {
  const { composeFiles, services, exposures } = inputs;
  const ownFiles = composeFiles.map((file) => resolve(workspace(world), file));
  const own = await Promise.all(ownFiles.map((file, index) => readCompose(file, world, composeFiles[index])));
  const stackFile = stackFileOf(world);
  const stack = await readCompose(stackFile, world);
  const { catalogue } = decodeCatalogue(stack.map['x-paklog']);
  const names = serviceNames(stack.map);
  const problems = [
    ...(composeFiles.length > 0
      ? []
      : [{ where: 'compose-files', what: 'is needed: it brings what is previewed' }]),
    ...(exposures.length > 0
      ? []
      : [{ where: 'expose', what: 'is needed: without it nobody can see the preview' }]),
    ...[stack, ...own].flatMap((each) => each.problems),
    ...unknownNames(services, names, catalogue),
  ];
  return services.includes('none')
    ? { stackFiles: [], stackServices: [], ownFiles, problems }
    : { stackFiles: [stackFile], stackServices: names, ownFiles, problems };
}

async function readEvent({ runner, machine }: World): Promise<Json> {
  const file = runner.variable('GITHUB_EVENT_PATH');
  const text = await machine.readText(file).catch(() => '{}');
  return asObject(JSON.parse(text)) ?? {};
}
