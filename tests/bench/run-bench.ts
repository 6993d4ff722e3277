import { benchCardReading } from './card-read-bench.ts';
import type { CardReadReport } from './card-read-bench.ts';
import { benchComposing, wireBytes } from './compose-bench.ts';
import type { ComposeReport, WireBytesReport } from './compose-bench.ts';
import { benchJournal } from './journal-bench.ts';
import type { JournalReport } from './journal-bench.ts';
import { benchStatus } from './status-bench.ts';
import type { StatusReport } from './status-bench.ts';
import { benchTouch } from './touch-bench.ts';
import type { TouchReport } from './touch-bench.ts';

/** Everything that is measured. Times in ms. */
export interface BenchReport {
  readonly compose: ComposeReport;
  readonly wire: WireBytesReport;
  readonly cardRead: CardReadReport;
  readonly statusWhilePrinting: Readonly<Record<string, StatusReport>>;
  readonly journal: JournalReport;
  readonly touch: TouchReport;
}

/** `quick`: few repetitions and one speed, to see that it works. */
export async function runBench(quick: boolean): Promise<BenchReport> {
  const compose = await benchComposing(quick ? 3 : 60, quick ? 1 : 10);
  return {
    compose,
    wire: wireBytes(),
    cardRead: await benchCardReading(quick ? 3 : 40),
    statusWhilePrinting: await benchStatus(quick ? [115_200] : [38_400, 57_600, 115_200]),
    journal: await benchJournal(quick ? 20 : 200),
    touch: await benchTouch(quick ? 3 : 96, quick ? 1 : 10),
  };
}

/** The report as people read it. */
export function tableOf(report: BenchReport): string {
  return [
    ...composeLines(report.compose),
    '',
    ...wireLines(report.wire),
    '',
    ...cardLines(report.cardRead),
    '',
    ...statusLines(report.statusWhilePrinting),
    '',
    ...journalLines(report.journal),
    '',
    ...touchLines(report.touch),
  ].join('\n');
}

const row = (name: string, ...cells: readonly (string | number)[]) =>
  [name.padEnd(26), ...cells.map((cell) => String(cell).padStart(14))].join(' ');
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function composeLines({ ours, peers, ratios, documentMs }: ComposeReport): readonly string[] {
  const all = Object.entries({ ...ours, ...peers });
  return [
    row('composing one slip', 'bytes', 'ms median', 'ms p95'),
    ...all.map(([name, { bytes, ms }]) => row(name, bytes, ms.median, ms.p95)),
    row('(facts to documents)', '', documentMs.median, documentMs.p95),
    '',
    row('ours / peer', ...Object.keys(peers)),
    ...Object.entries(ratios).flatMap(([name, byPeer]) => [
      row(`${name} bytes`, ...Object.values(byPeer).map(({ bytes }) => bytes.toFixed(2))),
      row(`${name} ms`, ...Object.values(byPeer).map(({ ms }) => ms.toFixed(2))),
    ]),
  ];
}

function wireLines(wire: WireBytesReport): readonly string[] {
  return [
    row('bytes on the wire', 'plain picture', '115200', 'share', 'tcp', 'usb', 'own font', 'share'),
    ...Object.entries(wire).map(([profile, { serial, tcp, usb, native }]) =>
      row(
        profile,
        serial.rasterBytes,
        serial.slipBytes,
        percent(serial.ratio),
        tcp.slipBytes,
        usb.slipBytes,
        native?.slipBytes ?? '–',
        native ? percent(native.ratio) : '–',
      ),
    ),
  ];
}

function cardLines({ serialMs, wireMs, bareMs, driverOverhead, tcpMs }: CardReadReport): readonly string[] {
  return [
    row('reading a card', 'ms median', 'ms p95', 'over the wire'),
    row('driver, pty 115200', serialMs.median, serialMs.p95),
    row('no driver, same bytes', bareMs.median, bareMs.p95),
    row('driver alone', '', '', percent(driverOverhead)),
    row('driver, TCP unpaced', tcpMs.median, tcpMs.p95),
    row('the wire itself', wireMs),
  ];
}

function statusLines(reports: BenchReport['statusWhilePrinting']): readonly string[] {
  return [
    row('status while printing', 'question', 'p95', 'round', 'p95', 'told', 'p95', 'slip ms', 'bytes'),
    ...Object.entries(reports).map(([line, { questionMs, roundMs, toldMs, slipMs, bytesOnWire }]) =>
      row(
        line === 'tcp' ? 'tcp, slow head' : `${line} baud`,
        ...[questionMs, roundMs, toldMs].flatMap(({ median, p95 }) => [median, p95]),
        slipMs,
        bytesOnWire,
      ),
    ),
  ];
}

function journalLines({ insertMs, moveMs, closeMs }: JournalReport): readonly string[] {
  return [
    row('journal, on disk', 'ms median', 'ms p95', 'commits'),
    ...Object.entries({ insert: insertMs, move: moveMs, close: closeMs }).map(([name, spread]) =>
      row(name, spread.median, spread.p95, spread.count),
    ),
  ];
}

function touchLines({ throttle, unseen, ...spreads }: TouchReport): readonly string[] {
  const { pressedMs, nextScreenMs, firstPaintMs, firstScreenMs } = spreads;
  return [
    row(`touch, processor 1/${throttle}`, 'ms median', 'ms p95', 'times'),
    ...Object.entries({
      'key looks pressed': pressedMs,
      'next screen': nextScreenMs,
      'first paint': firstPaintMs,
      'first screen': firstScreenMs,
    }).map(([name, spread]) => row(name, spread.median, spread.p95, spread.count)),
    row('not seen pressed', unseen),
  ];
}
