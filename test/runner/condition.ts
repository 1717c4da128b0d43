export type JobStatus = 'success' | 'failure' | 'cancelled';

/** Whether a step with this `if` (or `post-if`) runs: the status functions with `!`, `&&` and `||`. */
export function holds(condition: string, status: JobStatus): boolean {
  const bare = condition.replace(/^\s*\$\{\{(.*)\}\}\s*$/, '$1');
  return bare.split('||').some((any) => any.split('&&').every((term) => truth(term.trim(), status)));
}

function truth(term: string, status: JobStatus): boolean {
  const [, not, name] = /^(!?)(always|success|failure|cancelled)\(\)$/.exec(term) ?? [];
  if (name === undefined) {
    throw new Error(`This runner evaluates no '${term}': use always(), success(), failure() or cancelled().`);
  }
  const value = name === 'always' || name === status;
  return not === '!' ? !value : value;
}
