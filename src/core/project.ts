/** Compose's rule for a project name; Compose would otherwise change the name silently. */
export const projectNameRule = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** A project name of our own: unique for run, attempt and job, and for two jobs of one matrix on one host. */
export function uniqueProject(run: string, attempt: string, job: string, salt: string): string {
  const slug = `paklog-${run}-${attempt}-${job}`.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  return `${slug.slice(0, 62 - salt.length)}-${salt}`;
}
