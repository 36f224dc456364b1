import 'reflect-metadata';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Denial } from '../../src/errors.ts';
import { connectionOf, requireStretch, type CursorOrder } from '../../src/graphql/connection.ts';
import type { Position } from '../../src/keyset.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { anyText } from './texts.ts';

const byTime: CursorOrder = { name: 'users by createdAt DESC', type: 'time' };
const byName: CursorOrder = { name: 'users by email ASC', type: 'caseless' };
const orders = [byTime, byName] as const;

const times = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const texts = anyText(50).filter((text) => text !== '' && isText(text));
const positions = fc.record({ key: times, id: fc.uuid() });

function isText(text: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(text);
}

function cursorOf(position: Position, order: CursorOrder): string {
  const stretch = { rows: [position], hasMoreBefore: false, hasMoreAfter: false };
  return connectionOf(stretch, order, (row) => row).pageInfo.endCursor ?? '';
}

/** The position a cursor is read as, or `refused`; anything but a denial is thrown on. */
function read(cursor: string, order: CursorOrder): Position | 'refused' | undefined {
  try {
    return requireStretch({ after: cursor }, order).after;
  } catch (error) {
    if (error instanceof Denial && error.code === 'BAD_USER_INPUT') return 'refused';
    throw error;
  }
}

describe('a cursor', () => {
  test('is read as the position it was written for', () => {
    const drawn = fc.oneof(
      positions.map((position) => [position, byTime] as const),
      fc.record({ key: texts, id: fc.uuid() }).map((position) => [position, byName] as const),
    );
    fc.assert(
      fc.property(drawn, ([position, order]) => {
        expect(read(cursorOf(position, order), order)).toEqual(position);
      }),
    );
  });

  test('of one list is refused by every other', () => {
    fc.assert(
      fc.property(positions, fc.string(), (position, name) => {
        fc.pre(name !== byTime.name);
        const cursor = cursorOf(position, byTime);
        for (const order of [byName, { name, type: 'time' }, { name, type: 'caseless' }] as const) {
          expect(read(cursor, order)).toBe('refused');
        }
      }),
    );
  });

  test('that was changed is refused, or is the cursor of another row: there are no two spellings', () => {
    const changed = fc.tuple(positions, fc.nat(200), anyText(3)).map(([position, place, put]) => {
      const cursor = cursorOf(position, byTime);
      return cursor.slice(0, place) + put + cursor.slice(place + put.length);
    });
    const forged = forgedFor(orders.map(({ name }) => name));
    const made = fc.oneof(changed, forged, anyText(20));
    fc.assert(
      fc.property(made, fc.constantFrom(...orders), (cursor, order) => {
        const position = read(cursor, order);
        if (position === 'refused' || position === undefined) return;
        expect(cursorOf(position, order)).toBe(cursor);
        expect(position.id).toMatch(/^[0-9a-f-]{36}$/);
      }),
      { numRuns: 300 },
    );
  });
});

/** What knows the form and fills it with anything. */
const forgedFor = (names: readonly string[]) =>
  fc
    .tuple(
      fc.oneof(fc.constantFrom(...names), fc.string()),
      fc.oneof(
        times,
        texts,
        fc.constantFrom(
          'infinity',
          'now',
          '-4713-01-01T00:00:00.000Z',
          '0000-01-01',
          '\0',
          '\ud800',
        ),
        fc.constantFrom(
          '+275760-09-13T00:00:00.000Z',
          "'; DROP TABLE users; --",
          '9'.repeat(10_000),
        ),
        fc.json(),
      ),
      fc.oneof(fc.uuid(), fc.string(), fc.constant('00000000-0000-0000-0000-000000000000')),
    )
    .map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url'));

describe('the server', () => {
  let server: TestServer;
  let owner: Person;
  beforeAll(async () => {
    server = await startTestServer();
    owner = await registerPerson(server);
  });
  afterAll(() => server.stop());

  interface Pages {
    readonly usersConnection: { readonly edges: readonly { readonly cursor: string }[] };
    readonly auditEvents: { readonly edges: readonly { readonly cursor: string }[] };
  }
  const query = `query ($cursor: String, $sort: UserSort) {
    usersConnection(first: 1, after: $cursor, sort: $sort) { edges { cursor } }
    before: usersConnection(last: 1, before: $cursor, sort: $sort) { edges { cursor } }
    auditEvents(first: 1, after: $cursor) { edges { cursor } }
  }`;

  test('answers every forged cursor with BAD_USER_INPUT or a page, and none with a fault', async () => {
    const names = new Set<string>();
    for (const sort of ['CREATED_AT_DESC', 'EMAIL_ASC']) {
      const { data } = await owner.client.graphql<Pages>(query, { sort });
      for (const { edges } of [data.usersConnection, data.auditEvents]) {
        const text = Buffer.from(edges[0]?.cursor ?? '', 'base64url').toString();
        names.add((JSON.parse(text) as [string])[0]);
      }
    }
    expect(names.size).toBe(3);
    const cursors = fc.oneof(forgedFor([...names]), anyText(20));
    const answer = async (cursor: string, sort: string) => {
      const { errors } = await owner.client.graphql(query, { cursor, sort });
      for (const { extensions } of errors) expect(extensions.code).toBe('BAD_USER_INPUT');
    };
    const sorts = fc.constantFrom('CREATED_AT_DESC', 'EMAIL_ASC', 'EMAIL_DESC');
    await fc.assert(fc.asyncProperty(cursors, sorts, answer), { numRuns: 80 });
    expect(server.logged.filter((line) => line.includes('unforeseen'))).toEqual([]);
  });
});
