import { describe, expect, test } from 'vitest';
import { type Example, readExamples, runExample, stackInputs } from './example-jobs.ts';
import { holdForTests } from './held-stack.ts';

const examples = await readExamples();
const named = (name: string): Example => {
  const example = examples.find((each) => each.name === name);
  if (example === undefined) throw new Error(`There is no examples/${name}.`);
  return example;
};
/** On a new machine Maven and npm download first. */
const timeout = 600_000;

const stack = holdForTests({ ...stackInputs(examples), logs: 'never' });

test('there are the examples that examples/README.md tells of', () => {
  expect(examples.map(({ name }) => name)).toEqual(['node-inventory', 'spring-orders']);
});

test.each(examples)(
  'the tests of $name pass with the environment that its workflow exports',
  {
    timeout,
  },
  async (example) => {
    const { code, output } = await runExample(example, stack());
    expect(code, output).toBe(0);
  },
);

describe('with an environment that is not the exported one they fail', { timeout }, () => {
  test.each([
    ['spring-orders', 'SPRING_KAFKA_BOOTSTRAP_SERVERS', 'localhost:1', 'Node -1 disconnected'],
    ['node-inventory', 'KAFKA_BOOTSTRAP_SERVERS', 'localhost:1', 'Cannot connect to any broker'],
    ['node-inventory', 'MONGODB_URI', undefined, 'MONGODB_URI is not set'],
  ])('%s with %s as %s', async (name, variable, value, told) => {
    const { code, output } = await runExample(named(name), stack(), { [variable]: value });
    expect(code, output).toBe(1);
    expect(output).toContain(told);
  });
});
