import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequestContextDidResolveOperation,
  type GraphQLRequestListener,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import {
  GraphQLError,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type ValidationContext,
} from 'graphql';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Ctx } from '../context.ts';
import type { Metrics } from '../tracing.ts';
import { costRule } from './cost-rule.ts';
import { rewriteErrors, withOurCode, withoutSuggestion } from './error-format.ts';
import { answerPlainJson } from './media-type.ts';
import { countErrors, countFailedRequests, traceOperations } from './observation.plugin.ts';
import type { RequestCtx } from './request-context.ts';

/** Apollo Server over our schema: what a document may ask for, and how errors are told. */
export function createApollo(
  { config, log: logger, ports }: Pick<Ctx, 'config' | 'ports'> & { readonly log: Logger },
  schema: GraphQLSchema,
): ApolloServer<RequestCtx> {
  const { maxDepth, maxAliases, maxTokens, maxCost } = config.query;
  const tell = config.production ? withoutSuggestion : (error: GraphQLFormattedError) => error;
  return new ApolloServer<RequestCtx>({
    schema,
    logger,
    introspection: true, // refused to strangers in production, below
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: maxTokens },
    validationRules: [
      maxDepthRule({ n: maxDepth, ...asViolation }),
      maxAliasesRule({ n: maxAliases, allowList: [], ...asViolation }),
      costRule({ maxCost, ...asViolation }),
    ],
    formatError: (error) => tell(withOurCode(error)),
    plugins: [
      ApolloServerPluginCacheControlDisabled(), // would look at every field of every answer
      ApolloServerPluginLandingPageDisabled(),
      followRequests(config, ports.metrics),
      countFailedRequests(ports.metrics),
      ...(ports.tracer ? [traceOperations] : []),
    ],
  });
}

/** Thrown, as the rules would by themselves, it would be a fault of ours and not of the document. */
const asViolation = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, { message }: GraphQLError) =>
      context?.reportError(new GraphQLError(message.replace(/^Syntax Error: /, ''))),
  ],
};

/**
 * What is done in the course of every request, in one listener for all of them: Apollo Server asks
 * each listener for each of its hooks, and makes promises of the answers, whether it has any or not.
 */
function followRequests(config: Config, metrics: Metrics): ApolloServerPlugin<RequestCtx> {
  const listener: GraphQLRequestListener<RequestCtx> = {
    didResolveOperation: async (requestContext) => guardOperation(config, requestContext),
    didEncounterErrors: async ({ errors, contextValue }) => rewriteErrors(errors, contextValue),
    willSendResponse: async (requestContext) => {
      answerPlainJson(requestContext);
      countErrors(metrics, requestContext.response);
    },
  };
  return { requestDidStart: async () => listener };
}

/** What depends on the caller and not on the document alone, checked before anything runs. */
function guardOperation(
  config: Config,
  { operation, document, contextValue: ctx }: GraphQLRequestContextDidResolveOperation<RequestCtx>,
): void {
  if (operation?.operation === OperationTypeNode.SUBSCRIPTION) {
    throw new GraphQLError('There are no subscriptions.', { extensions: invalidDocument });
  }
  if (
    operation?.operation === OperationTypeNode.MUTATION &&
    ctx.byCookie &&
    !ctx.fromTrustedOrigin
  ) {
    // A page elsewhere can make a browser send its cookie, but not forge its Origin.
    throw forbidden('This page may not use the session cookie; see ALLOWED_ORIGINS.');
  }
  if (config.production && ctx.actor.type === 'anonymous' && introspects(document)) {
    throw forbidden('Sign in to read the schema.');
  }
}

const invalidDocument = { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } };

function forbidden(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'FORBIDDEN', http: { status: 403 } } });
}

function introspects(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field: ({ name }) => {
      found ||= name.value === '__schema' || name.value === '__type';
    },
  });
  return found;
}
