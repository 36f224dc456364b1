import type { Ctx, Tx } from '../../context.ts';
import { CustomFieldDefinition } from './custom-field-definition.entity.ts';
import type { Draft } from './custom-field-definition.rules.ts';

/** All definitions, or those in use, in the order of forms. */
export function readDefinitions(
  ctx: Ctx,
  which: { readonly onlyEnabled: boolean },
): Promise<CustomFieldDefinition[]> {
  const query = ctx.db.createQueryBuilder(CustomFieldDefinition, 'definition');
  if (which.onlyEnabled) query.where('definition.enabled');
  return query.orderBy('definition.position').addOrderBy('definition.key').getMany();
}

/** All definitions in order. Changes of them take turns; who only reads them never waits. */
export async function definitionsToChange(tx: Tx): Promise<CustomFieldDefinition[]> {
  await tx.db.query('LOCK TABLE custom_field_definitions IN SHARE ROW EXCLUSIVE MODE');
  return readDefinitions(tx, { onlyEnabled: false });
}

/** Writes a definition over the one of its key, if there is one, which keeps its position. */
export async function writeDefinition(
  tx: Tx,
  definition: Draft & { readonly position: number },
): Promise<CustomFieldDefinition> {
  await tx.db.query(
    `INSERT INTO custom_field_definitions (key, label, type, required, position, enabled,
       user_editable, options, min, max, pattern, default_value, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now(), now())
     ON CONFLICT (key) DO UPDATE SET (label, type, required, enabled, user_editable, options, min,
       max, pattern, default_value, updated_at) = (excluded.label, excluded.type,
       excluded.required, excluded.enabled, excluded.user_editable, excluded.options,
       excluded.min, excluded.max, excluded.pattern, excluded.default_value, now())`,
    [
      definition.key,
      definition.label,
      definition.type,
      definition.required,
      definition.position,
      definition.enabled,
      definition.userEditable,
      definition.options,
      definition.min,
      definition.max,
      definition.pattern,
      definition.defaultValue === null ? null : JSON.stringify(definition.defaultValue),
    ],
  );
  return tx.db
    .createQueryBuilder(CustomFieldDefinition, 'definition')
    .where('definition.key = :key', { key: definition.key })
    .getOneOrFail();
}
