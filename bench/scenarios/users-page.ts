import type { Bench } from '../support/bench.ts';
import { timesOf, withDirectory, type Directory } from '../support/directory.ts';
import { milliseconds, type Row } from '../support/report.ts';
import { median, percentiles, ratioOf } from '../support/statistics.ts';

const pageSize = 100;
const query = `query ($page: Int) {
  users(page: $page, pageSize: ${pageSize}) {
    nodes { id email username firstName lastName isActive confirmedAt createdAt roleNames
      avatar { url } }
  }
}`;

/** Scenario 5: a page of 100 users with their roles and pictures, against the same SQL through `pg`. */
export function measureUsersPage(bench: Bench): Promise<Row[]> {
  return withDirectory(bench, async (directory) => {
    const { rounds, count } = bench.quick ? { rounds: 5, count: 100 } : { rounds: 9, count: 300 };
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const page = (run: number) => 1 + ((run * 7) % 50);
      const asked = await timesOf(count, (run) => directory.ask(query, { page: page(run) }));
      const read = await timesOf(count, (run) => readPage(directory, page(run)));
      ours.push(percentiles(asked).p50);
      theirs.push(percentiles(read).p50);
    }
    const ratio = ratioOf(ours, theirs);
    return [
      {
        number: '5',
        scenario: '`users(pageSize: 100)` with `roleNames` and `avatar`, p50',
        ours: milliseconds(median(ours)),
        baseline: milliseconds(median(theirs)),
        ratio,
        reach: '≤ 2',
        met: ratio.median <= 2,
        rounds,
      },
    ];
  });
}

/** Whose session it is, the users, their roles and pictures, and JSON of it. */
async function readPage({ client, sessionHash }: Directory, page: number): Promise<string> {
  await client.query({ ...session, values: [sessionHash] });
  const users = await client.query<{ id: string; roleNames?: string[]; avatar?: unknown }>({
    ...usersOfPage,
    values: [pageSize, (page - 1) * pageSize],
  });
  const ids = users.rows.map(({ id }) => id);
  const roles = await client.query<{ user_id: string; names: string[] }>({
    ...rolesOfUsers,
    values: [ids],
  });
  const images = await client.query<{ id: string; user_id: string }>({
    ...imagesOfUsers,
    values: [ids],
  });
  const imageOf = new Map(
    images.rows.map((row) => [row.user_id, { url: `/files/${row.id}/original` }]),
  );
  const namesOf = new Map(roles.rows.map(({ user_id, names }) => [user_id, names]));
  for (const row of users.rows) {
    row.roleNames = namesOf.get(row.id) ?? [];
    row.avatar = imageOf.get(row.id) ?? null;
  }
  return JSON.stringify({ data: { users: { nodes: users.rows } } });
}

const session = {
  name: 'session',
  text: `SELECT u.id, u.email, ARRAY(
      SELECT r.name FROM role_assignments a JOIN roles r ON r.id = a.role_id
      WHERE a.user_id = u.id)::text[] AS role_names
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.token_hash = $1 AND s.expires_at > now() AND u.is_active`,
};

const usersOfPage = {
  name: 'users-page',
  text: `SELECT id, email, username, first_name AS "firstName", last_name AS "lastName",
      is_active AS "isActive", confirmed_at AS "confirmedAt", created_at AS "createdAt"
    FROM users ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2`,
};

const rolesOfUsers = {
  name: 'roles-of-users',
  text: `SELECT a.user_id, array_agg(r.name ORDER BY r.name)::text[] AS names
    FROM role_assignments a JOIN roles r ON r.id = a.role_id
    WHERE a.user_id = ANY($1) GROUP BY a.user_id`,
};

const imagesOfUsers = {
  name: 'images-of-users',
  text: `SELECT id, user_id FROM images WHERE user_id = ANY($1)`,
};
