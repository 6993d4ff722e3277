import { citizens, strangers } from '../../sandbox/citizens/citizens.ts';
import type { Citizen } from '../../sandbox/citizens/citizen.ts';

/** The day at the centre when nothing moved its clock: today in Shanghai, `YYYY-MM-DD`. */
function shanghaiToday(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date());
}

/** `YYYY-MM-DD`, so many days after today in Shanghai. */
export function shanghaiDay(daysFromToday: number): string {
  const day = new Date(`${shanghaiToday()}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + daysFromToday);
  return day.toISOString().slice(0, 10);
}

/** `2027年5月20日` of `2027-05-20`. */
export function spoken(date: string): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${year}年${month}月${day}日`;
}

/** An invented citizen (or stranger) by the stable name. */
export function person(id: string): Citizen {
  const today = shanghaiToday();
  const found = [...citizens(today), ...strangers(today)].find((citizen) => citizen.id === id);
  if (found === undefined) throw new Error(`nobody is called ${id}`);
  return found;
}
