import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** What is kept of a command's output, for whoever has to see why it failed. */
const MAX_KEPT = 4_000;

/** A command of a newcomer, in a folder of theirs. */
export class Command {
  private readonly child: ChildProcess;
  private output = '';

  constructor(
    folder: string,
    private readonly words: readonly string[],
  ) {
    const [program = '', ...rest] = words;
    const { SCIM_LOCAL_DIRECTORY: _theirs, ...env } = process.env;
    // A group of its own, so that Ctrl-C reaches whatever it has started, as at a terminal.
    this.child = spawn(program, rest, {
      cwd: folder,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString('utf8');
      });
  }

  /** Until it has ended well. @returns what it has printed @throws Error when it ends otherwise */
  async done(): Promise<string> {
    const [code] = (await once(this.child, 'close')) as [number | null];
    if (code === 0) return this.output;
    throw this.failure(`has ended with ${code}`);
  }

  /** Until it has printed something. @throws Error when it ends before */
  async prints(text: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = () => this.output.includes(text) && resolve();
      this.child.stdout?.on('data', look);
      this.child.once('close', () => reject(this.failure(`has ended before it printed "${text}"`)));
      look();
    });
  }

  /** Ctrl-C. */
  async interrupt(): Promise<void> {
    const { pid, exitCode, signalCode } = this.child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const closed = once(this.child, 'close');
    process.kill(-pid, 'SIGINT');
    await closed;
  }

  private failure(what: string): Error {
    return new Error(`\`${this.words.join(' ')}\` ${what}:\n${this.output.slice(-MAX_KEPT)}`);
  }
}
