import type { LogWishes } from './core/log-wishes.ts';
import { collectEvidence, type Evidence } from './evidence/collect.ts';
import type { Artifacts } from './io/artifacts.ts';
import type { Redacting } from './redacting.ts';
import type { Closing, Story } from './story.ts';
import type { World } from './world.ts';

/** Collects what tells how the run went, into a folder that outlives it. */
export async function keepEvidence(
  { project, logs }: Closing,
  { record, model, outcome }: Story,
  budget: number,
  { world, published, secrets }: Redacting,
): Promise<Evidence> {
  const { machine, runner } = world;
  runner.openGroup('Evidence');
  const evidence = await collectEvidence(
    {
      project,
      folder: machine.logsFolder(project),
      ...(record === undefined ? {} : { record }),
      ...(model === undefined ? {} : { model }),
      outcome,
      published: published(),
      secrets: secrets(),
      include: logs.include,
      workspace: runner.variable('GITHUB_WORKSPACE') || process.cwd(),
      budget,
    },
    world,
  );
  for (const warning of evidence.warnings) runner.warning(warning);
  runner.info(`${evidence.files.length} files of evidence in ${evidence.folder}`);
  return evidence;
}

/** Uploads the evidence as one artifact; tells where it is. What was not redacted stays on the machine. */
export async function uploadEvidence(
  logs: LogWishes,
  { files, folder, redacted }: Evidence,
  budget: number,
  artifacts: Artifacts,
  { runner, machine }: World,
): Promise<{ readonly name: string; readonly url?: string } | undefined> {
  runner.openGroup('Upload');
  if (!redacted) {
    runner.warning('Nothing is uploaded: the evidence could not be redacted whole.');
    return undefined;
  }
  if (runner.variable('ACTIONS_RESULTS_URL') === '') {
    runner.info(`There is no artifact service here; the evidence stays in ${folder}.`);
    return undefined;
  }
  const send = (name: string) => artifacts.upload(name, files, folder, logs.retentionDays, budget);
  let name = logs.artifact;
  const uploaded = await send(name).catch((error: unknown) => {
    if (!/\b409\b|conflict|already exists/i.test(String(error))) throw error;
    name = `${name}-${machine.salt()}`;
    return send(name);
  });
  const run = `${runner.variable('GITHUB_SERVER_URL')}/${runner.variable('GITHUB_REPOSITORY')}/actions/runs/${runner.variable('GITHUB_RUN_ID')}`;
  runner.info(`Uploaded as artifact ${name} (${uploaded.size} bytes)`);
  return { name, url: `${run}/artifacts/${uploaded.id}` };
}
