import { GatehouseError } from '../client/src/gatehouse-error.ts';
import { createRequest } from '../client/src/request.ts';
import { inTime, texts } from './language.ts';

// Beside the page rather than at the root: a proxy may serve both below a path.
export const send = createRequest({ endpoint: 'graphql' });

/** The words for any thrown value, for the person in front of the page. */
export function describeFailure(failure: unknown): string {
  if (!(failure instanceof GatehouseError)) return texts.failure.other;
  switch (failure.code) {
    case 'UNREACHABLE':
      return texts.failure.unreachable;
    case 'RATE_LIMITED':
      return texts.failure.tooOften(inTime(failure.retryAfter ?? 60));
    case 'SERVER_BUSY':
      return texts.failure.busy;
    default:
      return texts.failure.other;
  }
}
