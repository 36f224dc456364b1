import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasRank, rankOf, ranks, systemRole } from '../../src/actor.ts';
import { isStaffRole, mayActOn } from '../../src/features/role/role.rules.ts';

const names = fc.oneof(
  fc.constantFrom(...Object.values(systemRole)),
  // What looks like a system role and is none.
  fc.constantFrom('owner', 'ADMIN', ' Owner', 'Owner\0', 'Ôwner', 'Administrator', 'constructor'),
  fc.string({ maxLength: 20 }),
);
const roles = fc.array(names, { maxLength: 6 });
const people = roles.map(rankOf);

test('who may act on whom has no rings but among Owners: of two others at most one may', () => {
  fc.assert(
    fc.property(people, people, (one, other) => {
      const both = mayActOn(one, other) && mayActOn(other, one);
      expect(both).toBe(one === 'OWNER' && other === 'OWNER');
    }),
  );
});

test('who may act on somebody may act on all on whom that one may', () => {
  fc.assert(
    fc.property(people, people, people, (one, other, third) => {
      if (mayActOn(one, other) && mayActOn(other, third)) expect(mayActOn(one, third)).toBe(true);
    }),
  );
});

test('a role more takes no authority away, and gives none over those above', () => {
  fc.assert(
    fc.property(roles, names, people, (held, role, target) => {
      const more = rankOf([...held, role]);
      if (mayActOn(rankOf(held), target)) expect(mayActOn(more, target)).toBe(true);
      if (mayActOn(target, more)) expect(mayActOn(target, rankOf(held))).toBe(true);
      if (!isStaffRole(role)) expect(more).toBe(rankOf(held));
    }),
  );
});

test('who holds neither Owner nor Admin, spelled exactly so, may act on nobody', () => {
  fc.assert(
    fc.property(roles, people, (held, target) => {
      const isStaff = held.includes('Owner') || held.includes('Admin');
      expect(held.some(isStaffRole)).toBe(isStaff);
      expect(hasRank(held, 'ADMIN')).toBe(isStaff);
      if (!isStaff) expect(mayActOn(rankOf(held), target)).toBe(false);
      expect(mayActOn(rankOf(held), 'USER')).toBe(isStaff);
    }),
  );
});

test('ranks stand in one order, whatever the order of the roles', () => {
  fc.assert(
    fc.property(roles, fc.constantFrom(...ranks), (held, required) => {
      expect(hasRank(held, required)).toBe(hasRank(held.toReversed(), required));
      const below = ranks.slice(0, ranks.indexOf(required));
      if (hasRank(held, required)) {
        for (const rank of below) expect(hasRank(held, rank)).toBe(true);
      }
    }),
  );
});
