// More than there are time zones and languages; what comes after is answered without remembering.
const maxRemembered = 1000;

/** The same pure function of a value and a field's name, which knows what it has answered. */
export function remembering<Value, Answer>(
  answer: (value: Value, field: string) => Answer,
): (value: Value, field: string) => Answer {
  const known = new Map<Value, Answer>();
  return (value, field) => {
    const remembered = known.get(value);
    if (remembered !== undefined) return remembered;
    const found = answer(value, field);
    if (known.size < maxRemembered) known.set(value, found);
    return found;
  };
}
