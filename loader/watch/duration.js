const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const CENTURY = 36_525 * UNITS.d;

/** Milliseconds of a duration as a config writes it, such as "2s". Throws where it is none. */
export const duration = (text) => {
  const [, count, unit] = /^(\d{1,10})([smhd])$/.exec(text);
  const ms = count * UNITS[unit];
  if (ms > CENTURY) throw 0;
  return ms;
};
