import { styleText } from 'node:util';
import { visibleText } from '../src/scim/visible-text';
import type { RequestReport } from './gateway/gateway';

type Style = Parameters<typeof styleText>[0];

/** Writes for people. Colours only on a terminal, and not when NO_COLOR is set. */
export class Terminal {
  private readonly coloured: boolean;

  constructor(private readonly stream: NodeJS.WriteStream) {
    this.coloured = stream.isTTY === true && (process.env.NO_COLOR ?? '') === '';
  }

  write(text: string): void {
    this.stream.write(`${text}\n`);
  }

  /** `GET    /scim/v2/Users  200   12 ms  acme` */
  request({ method, path, status, milliseconds, authorizer, reason }: RequestReport): void {
    const style: Style = status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green';
    const who = authorizer?.tenantId ?? authorizer?.principalId ?? '-';
    const time = `${milliseconds.toFixed(0).padStart(5)} ms`;
    const why = reason === undefined ? '' : this.paint('dim', `  (${visibleText(reason)})`);
    this.write(
      `${method.padEnd(6)} ${visibleText(path).padEnd(56)} ${this.paint(style, String(status))} ${time}  ${who}${why}`,
    );
  }

  notice(text: string): void {
    this.write(this.paint('magenta', text));
  }

  functionLine(logicalId: string, line: string): void {
    this.write(`${this.paint('cyan', logicalId)} ${visibleText(line)}`);
  }

  dim(text: string): void {
    this.write(this.paint('dim', text));
  }

  private paint(style: Style, text: string): string {
    return this.coloured ? styleText(style, text) : text;
  }
}
