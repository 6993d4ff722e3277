import { useEffect, useState, type ReactNode } from 'react';
import { useKiosk } from '../kiosk-context.ts';

const TIME_OF_DAY = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

const MINUTE_MS = 60_000;

/** The time of day in Shanghai, for people only: nothing is decided by it. */
export function ClockFace(): ReactNode {
  const { clock } = useKiosk();
  const [nowMs, setNowMs] = useState(() => clock.wallClockMs());
  useEffect(
    () =>
      clock.schedule(MINUTE_MS - (nowMs % MINUTE_MS) + 50, () => {
        setNowMs(clock.wallClockMs());
      }),
    [clock, nowMs],
  );
  return <time className="clock">{TIME_OF_DAY.format(nowMs)}</time>;
}
