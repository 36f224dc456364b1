import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Child<Message> {
  /** The first thing it sent. */
  readonly message: Message;
  stop(): Promise<void>;
}

/**
 * Forks a program that sends one message when it is ready and ends when it is disconnected. It works
 * in `folder`: peers write logs where they are, unasked.
 */
export async function startChild<Message>(
  module: URL,
  args: readonly string[],
  folder: string,
): Promise<Child<Message>> {
  // What peers print of themselves is of no use here.
  const child = fork(module, args, { cwd: folder, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const exited = once(child, 'exit');
  const stop = async () => {
    if (child.connected) child.disconnect();
    await exited;
  };
  const message = await Promise.race([
    once(child, 'message').then(([first]) => first as Message),
    exited.then(() => Promise.reject(new Error(`${module.pathname} did not start.`))),
  ]);
  return { message, stop };
}
