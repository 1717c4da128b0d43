/** Something that happens to a job from outside, once, at a chosen moment. */
export interface Interrupt {
  /**
   * `cancel`: somebody presses the button. `kill`: the step's own process dies of SIGKILL, as by the kernel's out-of-memory
   * killer; `kill-tree`: and all it has started. `runner-died`: everything stops at once, nothing is cleaned up.
   */
  readonly what: 'cancel' | 'kill' | 'kill-tree' | 'runner-died';
  /** A line of the log, the end of a step's main part, or a promise. */
  readonly when: RegExp | { readonly after: string } | Promise<unknown>;
}

export interface Watch {
  line(text: string): void;
  finished(step: string): void;
}

export function watchFor(interrupts: readonly Interrupt[], fire: (what: Interrupt['what']) => void): Watch {
  const pending = new Set(interrupts);
  const trigger = (interrupt: Interrupt): void => {
    if (pending.delete(interrupt)) fire(interrupt.what);
  };
  const matching = (test: (when: Interrupt['when']) => boolean): void => {
    for (const interrupt of [...pending].filter(({ when }) => test(when))) trigger(interrupt);
  };
  for (const interrupt of interrupts) {
    if (interrupt.when instanceof Promise) void interrupt.when.then(() => trigger(interrupt));
  }
  return {
    line: (text) => matching((when) => when instanceof RegExp && when.test(text)),
    finished: (step) => matching((when) => 'after' in when && when.after === step),
  };
}
