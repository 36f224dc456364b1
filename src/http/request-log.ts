import type { Logger } from 'pino';
import type { Log } from '../tracing.ts';

/**
 * Names the request in every line. Few requests log anything, and a logger made for each would cost
 * all of them more than the line costs one.
 */
export class RequestLog implements Log {
  constructor(
    private readonly log: Logger,
    private readonly requestId: string,
  ) {}

  error(details: object, message: string): void {
    this.log.error({ ...details, requestId: this.requestId }, message);
  }

  warn(details: object, message: string): void {
    this.log.warn({ ...details, requestId: this.requestId }, message);
  }

  info(message: string): void {
    this.log.info({ requestId: this.requestId }, message);
  }
}
