import { text } from 'node:stream/consumers';
import { CommandError } from './command.ts';

/**
 * A new password: typed twice and not shown where there is a terminal, else the first line of
 * standard input. Never an argument, which every other user of the machine can read.
 */
export async function readNewPassword(): Promise<string> {
  if (!process.stdin.isTTY) {
    const [line = ''] = (await text(process.stdin)).split(/\r?\n/, 1);
    return line;
  }
  const password = await ask('Password: ');
  if ((await ask('The password again: ')) !== password) {
    throw new CommandError('The two passwords differ.');
  }
  return password;
}

const keys = { enter: ['\r', '\n'], erase: ['\u007f', '\b'], cancel: ['\u0003', '\u0004'] };

/** Asks a question whose answer is not shown. */
async function ask(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true).setEncoding('utf8').resume();
  try {
    return await typedLine();
  } finally {
    stdin.setRawMode(false).pause();
    stderr.write('\n');
  }
}

function typedLine(): Promise<string> {
  const { stdin } = process;
  return new Promise((resolve, reject) => {
    let answer: string[] = [];
    const finish = (settle: () => void) => {
      stdin.removeListener('data', hear);
      settle();
    };
    const hear = (typed: string) => {
      for (const character of typed) {
        if (keys.enter.includes(character)) finish(() => resolve(answer.join('')));
        else if (keys.cancel.includes(character))
          finish(() => reject(new CommandError('Cancelled.')));
        else if (keys.erase.includes(character)) answer = answer.slice(0, -1);
        else answer.push(character);
      }
    };
    stdin.on('data', hear);
  });
}
