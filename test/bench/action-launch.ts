import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contextEnvironment, githubContext, runnerContext } from '../runner/environment.ts';
import { commandFileEnvironment, createCommandFiles, readPairs } from '../runner/file-commands.ts';
import type { Launch } from './launch.ts';
import { address, project } from './stack.ts';

type Values = Readonly<Record<string, string>>;

/** The built action as a runner starts it; an input that is not set has its default. `env` is what else actions are told. */
export async function actionMain(
  checkout: string,
  folder: string,
  inputs: Values,
  env: Values = {},
): Promise<Launch> {
  const files = commandFileEnvironment(await createCommandFiles(folder, 'main'));
  return {
    command: [process.execPath, join(checkout, 'dist/main/index.js')],
    env: { ...jobEnv(folder), ...inputEnv(inputs), ...files, ...env },
  };
}

/** Its post, in a job that went well, with the state that main has left in the same folder. */
export async function actionPost(
  checkout: string,
  folder: string,
  inputs: Values,
  env: Values = {},
): Promise<Launch> {
  const state = [...readPairs(await readFile(join(folder, 'state_main'), 'utf8'))];
  const files = commandFileEnvironment(await createCommandFiles(folder, 'post'));
  return {
    command: [process.execPath, join(checkout, 'dist/post/index.js')],
    env: {
      ...jobEnv(folder),
      ...inputEnv({ ...inputs, 'job-status': 'success' }),
      ...files,
      ...Object.fromEntries(state.map(([name, value]) => [`STATE_${name}`, value])),
      ...env,
    },
  };
}

function inputEnv(inputs: Values): Values {
  const all = { 'project-name': project, 'bind-address': address, ...inputs };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
}

/** A push to the default branch. */
function jobEnv(folder: string): Values {
  const temp = join(folder, 'temp');
  const folders = { root: folder, workspace: folder, temp, tmp: temp, commands: folder };
  return contextEnvironment(githubContext(folders, {}), runnerContext(folders, false));
}
