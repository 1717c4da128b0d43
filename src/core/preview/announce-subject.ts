/** Whose preview it is that something is told about. */
export interface Subject {
  /** `owner/name` */
  readonly repository: string;
  /** Of the pull request. */
  readonly number: number;
  /** The commit that the preview shows, 40 digits. */
  readonly commit: string;
  /** Of GitHub's deployments. */
  readonly environment: string;
  /** Where the run's log is. */
  readonly runUrl: string;
  /** Whether the pull request gets a comment. */
  readonly comment: boolean;
}
