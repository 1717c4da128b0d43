import { resolve } from 'node:path';
import { fieldsProblem, messagesOf } from './core/catalogue/callers-json.ts';
import type { Request } from './core/catalogue/declared-inputs.ts';
import { type Problem, quote } from './core/errors.ts';
import type { World } from './world.ts';

/** The requests with the caller's files as they are on this machine, and what is wrong with those, before anything starts. */
export async function readCallersFiles(
  requests: readonly Request[],
  workspace: string,
  world: World,
): Promise<{ readonly requests: readonly Request[]; readonly problems: readonly Problem[] }> {
  const read = await Promise.all(requests.map((request) => readFiles(request, workspace, world)));
  return {
    requests: read.map(({ request }) => request),
    problems: read.flatMap(({ problems }) => problems),
  };
}

async function readFiles(request: Request, workspace: string, world: World) {
  if (request.kind !== 'mount' && request.kind !== 'send') return { request, problems: [] };
  const files = request.files.map((file) => resolve(workspace, file));
  const missing = await missingFiles(request.input, files, world);
  const found = { ...request, files };
  if (missing.length > 0) return { request: found, problems: missing };
  if (found.kind === 'mount' && found.fields === undefined) return { request: found, problems: [] };
  const texts = new Map<string, string>();
  for (const file of files) texts.set(file, await world.machine.readText(file));
  if (found.kind === 'send') {
    const { messages, problems } = messagesOf(found, texts);
    return { request: { ...found, messages }, problems };
  }
  const problems = [...texts].flatMap(([file, text]) => {
    const what = fieldsProblem(text, found.fields ?? []);
    return what === undefined ? [] : [{ where: found.input, what: `${quote(file)} ${what}` }];
  });
  return { request: found, problems };
}

async function missingFiles(
  input: string,
  files: readonly string[],
  world: World,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const file of files) {
    if (!(await world.machine.isFile(file)))
      problems.push({ where: input, what: `there is no file ${quote(file)}` });
  }
  return problems;
}
