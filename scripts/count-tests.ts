// Adds up: `node count-tests.ts CHECKS_PASSED CHECKS_FAILED VITEST_RESULT.json ...` ends with one line for people and machines.
import { readFileSync } from 'node:fs';

interface Result {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
}

const [checksPassed = '0', checksFailed = '0', ...files] = process.argv.slice(2);
const results = files.map((file): Result => JSON.parse(readFileSync(file, 'utf8')));
const sum = (pick: (result: Result) => number) => results.reduce((total, result) => total + pick(result), 0);
// A file that cannot be loaded, or a hook that fails outside a test, fails the run without a failed test.
const broken = results.filter(({ success, numFailedTests }) => !success && numFailedTests === 0).length;
const passed = Number(checksPassed) + sum((each) => each.numPassedTests);
const failed = Number(checksFailed) + sum((each) => each.numFailedTests) + broken;
const skipped = sum((each) => each.numPendingTests + each.numTodoTests);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
