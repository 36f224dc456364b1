/**
 * Where a command speaks: what was asked for goes to standard output, all else to standard error,
 * so that an output can be read by another program whatever is told beside it.
 */
export class Output {
  constructor(
    /** Whether the outcome is told as one JSON object on standard output. */
    readonly json: boolean,
    private readonly quiet: boolean,
  ) {}

  /** Whether somebody is watching who would like to see how far it is. */
  get isWatched(): boolean {
    return process.stderr.isTTY && !this.quiet;
  }

  /** What is good to know. */
  say(text: string): void {
    if (!this.quiet) this.#tell(`${text}\n`);
  }

  /** What has to be known. */
  warn(text: string): void {
    this.#tell(`${text}\n`);
  }

  /** Overwrites the current line of a terminal. */
  redraw(line: string): void {
    this.#tell(`\r\u001b[K${line}`);
  }

  /** The outcome: for machines as JSON, for people in words. */
  finish(outcome: Readonly<Record<string, unknown>>, words: string): void {
    if (this.json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
    this.say(words);
  }

  #tell(text: string): void {
    process.stderr.write(text);
  }
}
