import { type Clock, sleep } from '../../../src/platform/clock.ts';
import type { RandomSource } from '../../../src/platform/random.ts';
import type { Answer } from './families/family.ts';
import { type ReportMake, reportsOf } from './hid-reports.ts';
import type { ReadCode, SendManner, WayOut } from './way-out.ts';

/** A cable that carries HID reports; a UHID device is one. */
export interface ReportCable {
  send(report: Uint8Array): void;
  readonly pluggedIn: () => boolean;
  readonly pullOut: () => Promise<void>;
  readonly plugIn: () => Promise<void>;
}

const REPORT_BYTES = 64;
/** A full-speed device is asked for a report every few ms. */
const BETWEEN_REPORTS_MS = 2;
/** With what a scanner says of itself come identifiers that no code has. */
const TEXT_AIM = ']X0';
const ANSWER_AIM = ']Z6';

/** A HID POS scanner. */
export function reportWayOut(
  cable: ReportCable,
  make: ReportMake,
  clock: Clock,
  random: RandomSource,
): WayOut {
  const carried = { in: 0, out: 0 };
  let last: Promise<unknown> = Promise.resolve();

  const sendAll = async (reports: readonly Uint8Array[], manner: SendManner): Promise<'sent' | 'lost'> => {
    const untilPulled = Math.floor((manner.unplugAfterBytes ?? Number.POSITIVE_INFINITY) / REPORT_BYTES);
    for (const [index, report] of reports.entries()) {
      if (index === untilPulled) {
        await cable.pullOut();
        return 'lost';
      }
      if (!cable.pluggedIn()) return 'lost';
      cable.send(report);
      carried.out += report.length;
      await sleep(clock, manner.split === true ? 5 + random.fraction() * 15 : BETWEEN_REPORTS_MS);
    }
    return 'sent';
  };
  /** Codes and answers do not mix: one is sent after the other. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine;
    return mine;
  };
  const reportsOfCode = ({ data, aim }: ReadCode, prefixed: boolean) =>
    reportsOf(make, prefixed ? Uint8Array.of(...Buffer.from(aim, 'latin1'), ...data) : data, aim);

  return {
    address: 'uhid',
    pluggedIn: cable.pluggedIn,
    connected: cable.pluggedIn,
    carried: () => ({ ...carried }),
    sendCode(code, behaviour, manner) {
      const reports = reportsOfCode(code, behaviour.aimPrefix);
      const sent = manner.withoutLastPart === true ? reports.slice(0, -1) : reports;
      return inTurn(() => sendAll(sent, manner));
    },
    async sendAnswer({ text, bytes }: Answer) {
      const reports = [
        ...(text ? reportsOf(make, text, TEXT_AIM) : []),
        ...reportsOf(make, bytes, ANSWER_AIM),
      ];
      await inTurn(() => sendAll(reports, {}));
    },
    async sendRaw(bytes) {
      await inTurn(() => sendAll([bytes], {}));
    },
    packetHeard: () => undefined,
    pullOut: cable.pullOut,
    plugIn: cable.plugIn,
  };
}
