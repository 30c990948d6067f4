/** Days of the calendar, written as in 2027-03-31; as texts they sort by time. */

const MONTH_DAYS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Whether the text is a day that exists: four digits, two, two, with hyphens. */
export function isDay(text: string): boolean {
  const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number);
  if (year === undefined || month < 1 || month > 12 || day < 1) return false;
  return day <= MONTH_DAYS[month - 1] + (month === 2 && isLeap(year) ? 1 : 0);
}
