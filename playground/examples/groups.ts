import type { ExampleGroup } from './example.ts';
import { accounts } from './accounts.ts';
import { auditLog } from './audit-log.ts';
import { customFields } from './custom-fields.ts';
import { directory } from './directory.ts';
import { firstVisit } from './first-visit.ts';
import { roles } from './roles.ts';
import { webhooks } from './webhooks.ts';

/** Every example by the task it is for, in the order of the menu. */
export const exampleGroups: readonly ExampleGroup[] = [
  firstVisit,
  directory,
  accounts,
  roles,
  customFields,
  auditLog,
  webhooks,
];
