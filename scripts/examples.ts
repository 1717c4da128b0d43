// The examples' own tests on one stack that the built action brings up, each with nothing but the environment that its workflow has.
// `node scripts/examples.ts [example ...]`
import { run, runJob, use } from '../test/runner/job.ts';
import { readExamples, runExample, stackInputs } from '../test/scenarios/example-jobs.ts';

const asked = process.argv
  .slice(2)
  .flatMap((word) => word.split(/[\s,]+/))
  .filter((word) => word !== '');
const all = await readExamples();
const unknown = asked.filter((name) => !all.some((example) => example.name === name));
if (unknown.length > 0)
  throw new Error(
    `No example is named ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}.`,
  );
const examples = all.filter(({ name }) => asked.length === 0 || asked.includes(name));

const began = performance.now();
const since = (start: number): string => `${((performance.now() - start) / 1000).toFixed(0)} s`;
const results: string[] = [];
const job = await runJob({
  steps: [
    use({ id: 'infra', action: process.cwd(), with: { ...stackInputs(examples), logs: 'never' } }),
    ...examples.map((example) =>
      run(
        example.name,
        async (shell) => {
          const start = performance.now();
          const { code } = await runExample(example, shell);
          results.push(
            `${code === 0 ? '✓' : '✗'} ${example.name} (${since(start)}): ${example.command.trim().replaceAll('\n', ', ')}`,
          );
          if (code !== 0) throw new Error(`The tests of examples/${example.name} fail.`);
        },
        { if: 'success() || failure()' },
      ),
    ),
  ],
  onLine: ({ text }) => console.log(text),
});
console.log(['', ...results, `The job ended with ${job.conclusion} after ${since(began)}.`].join('\n'));
process.exitCode = job.conclusion === 'success' && results.length === examples.length ? 0 : 1;
