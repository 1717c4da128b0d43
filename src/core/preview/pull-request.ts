/** What GitHub says of a pull request now. */
export interface PullRequest {
  readonly number: number;
  readonly open: boolean;
  /** The commit at its head. */
  readonly head: string;
  /** It comes from another repository. */
  readonly fork: boolean;
}
