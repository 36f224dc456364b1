import { expect, test } from 'vitest';
import { createDeliveryPlaces } from '../../src/features/webhook-delivery/delivery-places.rules.ts';
import type { WebhookId } from '../../src/identifiers.ts';

const one = 'one' as WebhookId;
const other = 'other' as WebhookId;

test('a webhook has four places, whatever the others have', () => {
  const places = createDeliveryPlaces();
  const took = Array.from({ length: 6 }, () => places.take(one));
  expect(took).toEqual([true, true, true, true, false, false]);
  expect(places.full()).toEqual([one]);
  expect(places.take(other)).toBe(true);
  places.leave(one, 10);
  expect(places.full()).toEqual([]);
  expect(places.take(one)).toBe(true);
});

test('one that was slow has a single place until it is quick again', () => {
  const places = createDeliveryPlaces();
  places.take(one);
  places.take(one);
  places.leave(one, 15_000);
  expect(places.full()).toEqual([one]);
  places.leave(one); // it was not its turn, which says nothing of the receiver
  expect([places.take(one), places.take(one)]).toEqual([true, false]);
  places.leave(one, 10);
  expect([places.take(one), places.take(one)]).toEqual([true, true]);
});
