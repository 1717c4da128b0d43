import { ownFiles } from '../house/checkout.ts';
import { type Example, examplesOf } from '../house/examples.ts';

const examples = examplesOf(ownFiles('README.md', 'docs/*.md'));

/** The example of a document, word for word, by the name that test/house/example-ways.ts has for it. */
export function documented(name: string): Example {
  const found = examples.find((each) => each.name === name);
  if (found === undefined) throw new Error(`No document has the example ${name}`);
  return found;
}
