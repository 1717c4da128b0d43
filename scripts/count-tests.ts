// Adds up vitest's JSON results: `node count-tests.ts <other checks failed: 0 or 1> <result.json> ...`
import { readFileSync } from 'node:fs';

interface Result {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
}

const [otherChecks = '0', ...files] = process.argv.slice(2);
const results = files.map((file): Result => JSON.parse(readFileSync(file, 'utf8')));
const sum = (pick: (result: Result) => number) => results.reduce((total, result) => total + pick(result), 0);
const broken = results.filter(({ success, numFailedTests }) => !success && numFailedTests === 0).length;
const failed =
  sum((each) => each.numFailedTests) +
  broken +
  Number(otherChecks !== '0' && sum((each) => each.numFailedTests) === 0);
const passed = sum((each) => each.numPassedTests);
console.log(
  `${passed} passed, ${failed} failed, ${sum((each) => each.numPendingTests + each.numTodoTests)} skipped`,
);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
