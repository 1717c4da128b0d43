import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A program of the benchmark's own in another process, which is asked by messages. */
export interface Link<Question, Answer> {
  ask(question: Question): Promise<Answer>;
  stop(): Promise<void>;
}

interface Message<Body> {
  readonly id: number;
  readonly body?: Body;
  readonly error?: string;
}

/** Starts a script and asks it. When this process is gone, the script ends too. */
export function link<Question, Answer>(script: string, args: readonly string[] = []): Link<Question, Answer> {
  const child = fork(script, args, {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  let last = 0;
  child.on('message', ({ id, body, error }: Message<Answer>) => {
    if (error === undefined) waiting.get(id)?.resolve(body as Answer);
    else waiting.get(id)?.reject(new Error(error));
    waiting.delete(id);
  });
  const ended = once(child, 'exit').then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${script} ended.`));
  });
  return {
    ask: (body) => {
      const answer = Promise.withResolvers<Answer>();
      last += 1;
      waiting.set(last, answer);
      child.send({ id: last, body });
      return answer.promise;
    },
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

/** The other side: answers until the process that asks is gone. */
export function answer<Question, Answer>(to: (question: Question) => Promise<Answer> | Answer): void {
  process.on('disconnect', () => process.exit());
  process.on('message', async ({ id, body }: Message<Question>) => {
    const reply: Message<Answer> = await Promise.resolve(to(body as Question)).then(
      (given) => ({ id, body: given }),
      (error: unknown) => ({ id, error: String(error) }),
    );
    process.send?.(reply);
  });
}
