/** What one of Compose's complaints means. */
export interface ComposeHint {
  readonly text: RegExp;
  readonly why: string;
  readonly advice: string;
}

/** Compose's words for mistakes that people make, as Compose 2.40 has them. */
export const composeHints: readonly ComposeHint[] = [
  {
    text: /additional propert(?:y|ies) .* not allowed/,
    why: 'Compose knows no such key at that place: it is misspelt, or stands at the wrong depth.',
    advice: 'Correct the key, and try the file with `docker compose -f FILE config`.',
  },
  {
    text: /depends on undefined service/,
    why: 'A service waits for one that is in none of the files.',
    advice: 'Correct the name under `depends_on`, or add the file that has the service to `compose-files`.',
  },
  {
    text: /refers to undefined (?:volume|network|config|secret)/,
    why: 'A service uses something that no file declares.',
    advice: 'Declare it at the top level of the file, or correct its name.',
  },
  {
    text: /required variable \S+ is missing a value/,
    why: 'The file needs an environment variable that this step does not have.',
    advice: 'Set it under `env` of the step or the job, or give it a default in the file.',
  },
  {
    text: /env file .* not found/,
    why: 'A service reads its environment from a file that is not there.',
    advice: 'Check the repository out before this step, and correct the path under `env_file`.',
  },
  {
    text: /invalid interpolation format/,
    why: 'A dollar sign in the file is read as a variable.',
    advice: 'Write `$$` where a dollar sign is meant.',
  },
  {
    text: /has neither an image nor a build context/,
    why: 'Compose cannot know what the service runs.',
    advice: 'Give it `image` or `build`; a file that only changes another one must be given after it.',
  },
];
