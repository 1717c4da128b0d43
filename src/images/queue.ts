/** Work that waits for its turn; what is more urgent overtakes what waits, never what has begun. */
export interface Queue {
  /** Resolves and rejects as the work does. The lower the number, the sooner; equals in the order in which they come. */
  add<T>(urgency: number, work: () => Promise<T>): Promise<T>;
}

interface Waiting {
  readonly urgency: number;
  readonly begin: () => Promise<void>;
}

export function workQueue(atOnce: number): Queue {
  const waiting: Waiting[] = [];
  let busy = 0;
  const next = () => {
    if (busy >= atOnce) return;
    const [first] = waiting;
    if (first === undefined) return;
    waiting.shift();
    busy += 1;
    void first.begin().then(() => {
      busy -= 1;
      next();
    });
  };
  return {
    add: (urgency, work) =>
      new Promise((resolve, reject) => {
        const at = waiting.findIndex((each) => each.urgency > urgency);
        const begin = () => work().then(resolve, reject);
        waiting.splice(at < 0 ? waiting.length : at, 0, { urgency, begin });
        next();
      }),
  };
}
