import { costLimitRule, type CostLimitOptions } from '@escape.tech/graphql-armor-cost-limit';
import {
  visit,
  type ASTNode,
  type OperationDefinitionNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/**
 * What a document costs by its fields and their depth. The library would also multiply by a number
 * behind `first` or `last`, but not by one that a variable brings: the same query would be refused
 * in one way of writing it, and served in the other. How long a list may be, the list says.
 */
export function costRule(options: CostLimitOptions): ValidationRule {
  const limit = costLimitRule(options);
  return (context) => {
    const enter = limit(withoutCountsInFragments(context)).OperationDefinition.enter as (
      operation: OperationDefinitionNode,
    ) => void;
    return { OperationDefinition: (operation) => enter(withoutCounts(operation)) };
  };
}

function withoutCountsInFragments(context: ValidationContext): ValidationContext {
  const getFragment = (name: string) => {
    const fragment = context.getFragment(name);
    return fragment && withoutCounts(fragment);
  };
  return Object.create(context, { getFragment: { value: getFragment } }) as ValidationContext;
}

function withoutCounts<Node extends ASTNode>(node: Node): Node {
  return visit(node, {
    Argument: ({ name }) => (['first', 'last'].includes(name.value) ? null : undefined),
  });
}
