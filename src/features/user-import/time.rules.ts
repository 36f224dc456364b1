// RFC 3339, and what PostgreSQL's own exports write: a space, and a zone of hours alone.
const form = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d(?::?\d\d)?)$/;

/** A time with its zone, to the millisecond, or undefined for what is none, such as 30 February. */
export function readTime(text: string): Date | undefined {
  const [, year, month, day, clock, fraction = '', zone = ''] = form.exec(text) ?? [];
  if (year === undefined) return undefined;
  const daysOfMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(day) > daysOfMonth) return undefined;
  const [, sign, hours, minutes = '00'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const offset = sign === undefined ? 'Z' : `${sign}${hours}:${minutes}`;
  const time = new Date(`${year}-${month}-${day}T${clock}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
