import type { Client } from '../support/client.ts';
import type { TestDatabase } from '../support/database.ts';

interface ListedUser {
  readonly id: string;
  readonly email: string | null;
}

export interface Page {
  readonly nodes: readonly ListedUser[];
  readonly page: number;
  readonly pageSize: number;
  readonly totalCount: number;
  readonly totalPages: number;
}

export interface UsersArguments {
  readonly page?: number | null;
  readonly pageSize?: number | null;
  readonly role?: string | null;
  readonly search?: string | null;
  readonly isActive?: boolean | null;
  readonly confirmed?: boolean | null;
  readonly customFields?: unknown;
  readonly sort?: string | null;
}

export interface ConnectionArguments extends Omit<UsersArguments, 'page' | 'pageSize'> {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

export interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly node: ListedUser }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

export async function connectUsers(client: Client, given: ConnectionArguments = {}) {
  return client.graphql<{ usersConnection: Connection & { readonly totalCount?: number } }>(
    `query ($first: Int, $after: String, $last: Int, $before: String, $role: String,
      $search: String, $isActive: Boolean, $confirmed: Boolean, $customFields: JSONObject,
      $sort: UserSort) {
      usersConnection(first: $first, after: $after, last: $last, before: $before, role: $role,
        search: $search, isActive: $isActive, confirmed: $confirmed, customFields: $customFields,
        sort: $sort) {
        edges { cursor node { id email } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`,
    { ...given },
  );
}

/** A stretch that is known to be allowed. */
export async function stretchOf(client: Client, given: ConnectionArguments): Promise<Connection> {
  const { data, errors } = await connectUsers(client, given);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data.usersConnection;
}

/** The local parts of the addresses of a stretch. */
export function namesOf({ edges }: Connection): string[] {
  return edges.map(({ node }) => node.email?.split('@')[0] ?? '');
}

export async function listUsers(client: Client, given: UsersArguments = {}) {
  return client.graphql<{ users: Page }>(
    `query ($page: Int, $pageSize: Int, $role: String, $search: String, $isActive: Boolean,
      $confirmed: Boolean, $customFields: JSONObject, $sort: UserSort) {
      users(page: $page, pageSize: $pageSize, role: $role, search: $search, isActive: $isActive,
        confirmed: $confirmed, customFields: $customFields, sort: $sort) {
        nodes { id email } page pageSize totalCount totalPages
      }
    }`,
    { ...given },
  );
}

/** The local parts of the addresses found, in the order of the answer. */
export async function findNames(client: Client, given: UsersArguments): Promise<string[]> {
  const { data, errors } = await listUsers(client, { pageSize: 100, ...given });
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data.users.nodes.map((node) => node.email?.split('@')[0] ?? '');
}

export interface SeededUser {
  readonly name: string;
  readonly username?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly role?: string;
  readonly isActive?: boolean;
  readonly confirmed?: boolean;
  readonly createdAt?: string;
  readonly customFields?: Readonly<Record<string, unknown>>;
}

/** Users `<name>@seed.example`, without asking what a registration would. */
export async function seedUsers(
  database: TestDatabase,
  users: readonly SeededUser[],
): Promise<void> {
  for (const user of users) {
    await database.query(
      `WITH made AS (
         INSERT INTO users (id, email, password_hash, username, first_name, last_name, is_active,
           confirmed_at, created_at, updated_at, custom_fields)
         VALUES (gen_random_uuid(), $1, '', $2, $3, $4, $5, CASE WHEN $6 THEN now() END, $7, now(),
           $9)
         RETURNING id)
       INSERT INTO role_assignments (user_id, role_id, assigned_at)
       SELECT made.id, roles.id, now() FROM made JOIN roles ON roles.name = $8`,
      [
        `${user.name}@seed.example`,
        user.username ?? null,
        user.firstName ?? null,
        user.lastName ?? null,
        user.isActive ?? true,
        user.confirmed ?? false,
        user.createdAt ?? new Date(),
        user.role ?? 'User',
        user.customFields ?? {},
      ],
    );
  }
}
