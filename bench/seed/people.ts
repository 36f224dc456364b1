import { Faker, en } from '@faker-js/faker';
import { v7 } from 'uuid';

/** What `COPY users` takes, in the order of `userColumns`. */
export const userColumns = [
  ...['id', 'email', 'username', 'first_name', 'last_name', 'password_hash', 'confirmed_at'],
  ...['is_active', 'timezone', 'preferred_locale', 'custom_fields', 'created_at', 'updated_at'],
];

export const departments = ['Engineering', 'Finance', 'Legal', 'Marketing', 'Sales', 'Support'];
const timezones = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Africa/Lagos', 'UTC'];
const locales = ['en', 'en-GB', 'de', 'fr', 'es', 'ja'];

// The same people with the same seed, whenever they are made.
const firstDay = Date.UTC(2023, 0, 1);
const lastDay = Date.UTC(2026, 0, 1);
const rowsInChunk = 2_000;

/** Lines for `COPY`, in chunks: so many people who registered one after the other. */
export function* linesOfPeople(
  count: number,
  seed: number,
  passwordHash: string,
): Generator<Buffer> {
  const faker = new Faker({ locale: en });
  faker.seed(seed);
  let lines: string[] = [];
  for (let at = 0; at < count; at += 1) {
    lines.push(line(faker, at, firstDay + ((lastDay - firstDay) * at) / count, passwordHash));
    if (lines.length < rowsInChunk && at < count - 1) continue;
    yield Buffer.from(lines.join(''));
    lines = [];
  }
}

function line(faker: Faker, at: number, registeredAt: number, passwordHash: string): string {
  const [firstName, lastName] = [faker.person.firstName(), faker.person.lastName()];
  const createdAt = new Date(registeredAt).toISOString();
  const plain = `${firstName}.${lastName}`.toLowerCase().replace(/[^a-z.]/g, '');
  const isConfirmed = faker.number.int(9) > 0;
  const customFields = {
    department: faker.helpers.arrayElement(departments),
    level: faker.number.int({ min: 1, max: 9 }),
    newsletter: faker.datatype.boolean(),
  };
  const values = [
    v7({ msecs: registeredAt, random: randomBytes(faker) }),
    `${plain}${at}@example.com`,
    `${plain.replaceAll('.', '_').slice(0, 20)}_${at}`,
    firstName,
    lastName,
    passwordHash,
    isConfirmed ? createdAt : '\\N',
    String(faker.number.int(49) > 0),
    faker.helpers.arrayElement(timezones),
    faker.helpers.arrayElement(locales),
    JSON.stringify(customFields),
    createdAt,
    createdAt,
  ];
  return `${values.join('\t')}\n`;
}

function randomBytes(faker: Faker): Uint8Array {
  const words = Uint32Array.from({ length: 4 }, () => faker.number.int(0xffff_ffff));
  return new Uint8Array(words.buffer);
}
