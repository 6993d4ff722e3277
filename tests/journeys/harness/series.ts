import { readFileSync } from 'node:fs';
import type { Citizen } from '../../../sandbox/citizens/citizen.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { Kiosk } from './kiosk.ts';
import { person, shanghaiDay } from '../../live-kiosk/people.ts';
import { decodeSlip, SLIP_DECODER } from '../../live-kiosk/slip.ts';
import { glassTimes, watchGlass } from './stopwatch.ts';

export type JourneyMethod = 'id-card' | 'suishen-code';
export type JourneyKind = 'apply' | 'reissue';

/** One journey: what was touched, how long the machine took, what came out. Times in ms, lengths in mm. */
interface Journey {
  readonly touches: number;
  readonly machineMs: number;
  readonly slipFile: string;
  readonly slipMm: number;
  readonly bytesToPrinter: number;
  readonly qrText: string;
  readonly verification: string;
  readonly ok: boolean;
}

/** The report of a series. Slip fields are those of the first journey; times are medians. */
export interface SeriesReport {
  readonly ok: boolean;
  readonly method: JourneyMethod;
  readonly kind: JourneyKind;
  readonly journeys: number;
  readonly touches: number;
  readonly machineMs: number;
  readonly coldStartMs: number;
  readonly agentRssMb: number;
  /** Resident memory after the first slip, to see whether it is flat. */
  readonly agentRssMbFirst: number;
  readonly slipPng: string;
  readonly slipMm: number;
  readonly qrText: string;
  readonly decoder: string;
  readonly verification: string;
  readonly bytesToPrinter: number;
}

/** People who may have a code, none of whom holds one at first; each comes at most twice a day. */
const REGULARS = [
  'wang-guilan',
  'chen-fusheng',
  'li-xiuzhen',
  'zhang-guoqiang',
  'xu-meifang',
  'shen-dexing',
  'gu-cuiying',
  'qian-baosheng',
  'yu-axiang',
  'he-shan',
  'lu-yun',
  'ouyang-jianping',
];

const MEASURED = 5;

/** Runs the series; every figure comes from outside the kiosk (glass, simulators, centre, /proc). */
export async function runSeries(options: {
  method: JourneyMethod;
  kind: JourneyKind;
  slips: number;
  coldStarts: number;
  keepSlip: (file: string) => string;
}): Promise<SeriesReport> {
  const coldStarts: number[] = [];
  for (let run = 1; run < options.coldStarts; run += 1) {
    const kiosk = await Kiosk.start();
    coldStarts.push(kiosk.coldStartMs);
    await kiosk.stop();
  }
  const kiosk = await Kiosk.start();
  try {
    coldStarts.push(kiosk.coldStartMs);
    const journeys: Journey[] = [];
    let rssFirst = 0;
    let slipPng = '';
    while (journeys.length < options.slips) {
      const citizen = person(REGULARS[Math.floor(journeys.length / 2) % REGULARS.length] ?? 'wang-guilan');
      const holdsCode = journeys.length % 2 === 1;
      if (options.kind === 'reissue' && !holdsCode) {
        await giveCode(kiosk, citizen);
      }
      const kind = options.kind === 'reissue' || holdsCode ? 'reissue' : 'apply';
      const journey = await runJourney(kiosk, citizen, options.method, kind);
      journeys.push(journey);
      if (journeys.length === 1) {
        slipPng = options.keepSlip(journey.slipFile);
        rssFirst = residentMb(kiosk);
      }
    }
    const ofKind = journeys.filter((_journey, index) => options.kind === 'reissue' || index % 2 === 0);
    const first = journeys[0];
    if (first === undefined) throw new Error('no journey was made');
    return {
      ok: journeys.every((journey) => journey.ok) && first.touches <= (options.kind === 'apply' ? 3 : 4),
      method: options.method,
      kind: options.kind,
      journeys: journeys.length,
      touches: first.touches,
      machineMs: median(ofKind.slice(0, MEASURED).map((journey) => journey.machineMs)),
      coldStartMs: median(coldStarts),
      agentRssMb: residentMb(kiosk),
      agentRssMbFirst: rssFirst,
      slipPng,
      slipMm: first.slipMm,
      qrText: first.qrText,
      decoder: SLIP_DECODER,
      verification: first.verification,
      bytesToPrinter: first.bytesToPrinter,
    };
  } finally {
    await kiosk.stop();
  }
}

/** A first code by the same way, so that there is one to replace. */
async function giveCode(kiosk: Kiosk, citizen: Citizen): Promise<void> {
  await runJourney(kiosk, citizen, 'id-card', 'apply');
}

async function runJourney(
  kiosk: Kiosk,
  citizen: Citizen,
  method: JourneyMethod,
  kind: JourneyKind,
): Promise<Journey> {
  const { glass } = kiosk;
  const before = (await kiosk.slips()).length;
  await kiosk.wake();
  await watchGlass(glass.page);
  glass.countTouches();
  await glass.touch(kind);
  await glass.shows('choose-method');
  await glass.touch(method === 'id-card' ? 'use-id-card' : 'use-suishen-code');
  const signedInFrom = await presentProof(kiosk, citizen, method);
  await glass.shows('confirm-identity');
  await glass.touch('confirm');
  if (kind === 'reissue') {
    await glass.shows('confirm-reissue');
    await glass.touch('confirm-reissue');
  }
  const { touches } = glass;
  await glass.shows('take-slip', 30_000);
  const slip = await kiosk.slipAfter(before);
  const times = await glassTimes(glass.page);
  const confirmPainted =
    times.painted.find(({ screen }) => screen === 'confirm-identity')?.atMs ?? Number.NaN;
  const lastTouch = times.pointerUps.at(-1) ?? Number.NaN;
  await kiosk.leave();
  const [qrText = ''] = await decodeSlip(kiosk.slipPicture(slip));
  const verified = await kiosk.client('verifier-sandbox').verify(qrText);
  const verification = verified.ok ? verified.value.status : 'refused';
  const validUntil = verified.ok ? verified.value.validUntil : '';
  return {
    touches,
    machineMs: Math.round(confirmPainted - (await signedInFrom()) + (slip.firstByteAtMs - lastTouch)),
    slipFile: kiosk.slipPicture(slip),
    slipMm: slip.heightMm,
    bytesToPrinter: slip.bytes,
    qrText,
    verification,
    ok: verification === 'valid' && validUntil === shanghaiDay(179),
  };
}

/** Lays the card or shows the code; what it returns tells when the last byte of it was on the line (epoch ms). */
async function presentProof(
  kiosk: Kiosk,
  citizen: Citizen,
  method: JourneyMethod,
): Promise<() => Promise<number>> {
  if (method === 'id-card') {
    await kiosk.glass.shows('present-id-card');
    await kiosk.layCard(citizen);
    return async () => (await kiosk.reader.state<{ lastRecordByteAtMs: number }>()).lastRecordByteAtMs;
  }
  await kiosk.glass.shows('present-suishen-code');
  const code = await kiosk.client('portal-sandbox').issueSuishenCode(citizen.idNumber);
  if (!code.ok) throw new Error('the sandbox makes no living code');
  await kiosk.scanner.command('show-code', { text: code.value.code });
  const shownAtMs = systemClock.wallClockMs();
  return () => Promise.resolve(shownAtMs);
}

/** Resident set of the agent, MB. */
function residentMb(kiosk: Kiosk): number {
  const status = readFileSync(`/proc/${kiosk.stack.agent.pid}/status`, 'utf8');
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
  return Math.round(kilobytes / 1024);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
