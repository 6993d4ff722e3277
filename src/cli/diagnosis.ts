import type { AgentReport, CentreTrouble } from '../bridge/ports.ts';
import { faultText, wordFor, type KioskctlText, type TechnicianText } from '../copy/technician-text.ts';
import { spokenBytes, spokenDuration } from './measures.ts';
import type { Mark } from './terminal.ts';

/** One line of the overview. */
export interface Row {
  readonly mark: Mark;
  readonly subject: string;
  readonly text: string;
}

/** One thing that somebody should do something about. */
export interface Finding {
  readonly mark: 'watch' | 'bad';
  readonly subject: string;
  readonly what: string;
  /** Who or what mends it. */
  readonly action?: string;
  /** The driver's code, for the manual and the phone. */
  readonly code?: string;
  readonly why?: string;
  readonly remedy?: string;
}

/** A report, judged: what is to be done (the most important first), and how everything is. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly services: readonly Row[];
  readonly devices: readonly Row[];
  readonly rest: readonly Row[];
}

/** The languages' texts together. */
export interface Texts {
  readonly technician: TechnicianText;
  readonly kioskctl: KioskctlText;
}

/** More than this between the clocks of centre and machine is worth a warning; the centre refuses at 60 s. Milliseconds. */
const CLOCK_TOLERANCE_MS = 5_000;
/** No page stays so long without people, whatever the limits are set to (600 s and 300 s at most). Milliseconds. */
const PAGE_STUCK_MS = 20 * 60_000;

/** 0: nobody is served · 1: one of two ways is gone · 2: to be seen to · 3: soon. */
type Urgency = 0 | 1 | 2 | 3;
type Weighed = Finding & { readonly urgency: Urgency };
type DeviceReport = AgentReport['devices'][number];

/** Judges what the agent said. */
export function diagnose(report: AgentReport, texts: Texts): Diagnosis {
  const findings = [
    ...centreFindings(report, texts),
    ...screenFindings(report, texts),
    ...report.devices.flatMap((device) => deviceFindings(device, report, texts)),
    ...databaseFindings(report, texts),
    ...clockFindings(report, texts),
    ...queueFindings(report, texts),
  ].sort((one, other) => one.urgency - other.urgency);
  return {
    findings: findings.length === 0 ? unexplained(report, texts) : findings,
    services: serviceRows(report, texts),
    devices: report.devices.map((device) => deviceRow(device, texts)),
    rest: restRows(report, texts),
  };
}

function deviceMark(device: DeviceReport): Mark {
  if (['userError', 'hardwareError', 'offline', 'noDevice'].includes(device.device)) return 'bad';
  const works = device.device === 'online' || device.device === 'busy';
  return works && device.faults.length === 0 && device.parts['paper'] !== 'low' ? 'well' : 'watch';
}

function deviceFindings(device: DeviceReport, report: AgentReport, texts: Texts): readonly Weighed[] {
  const { technician } = texts;
  const subject = technician.devices[device.kind];
  const bad = deviceMark(device) === 'bad';
  const otherWay = device.kind !== 'receiptPrinter' && report.readiness.methods.length > 0;
  const urgency: Urgency = !bad ? 3 : otherWay ? 1 : 0;
  const mark = bad ? ('bad' as const) : ('watch' as const);
  const findings: Weighed[] = device.faults.map(({ code, action }) => ({
    mark,
    subject,
    ...faultText(technician, code),
    action: wordFor(technician.actions, action),
    code,
    urgency,
  }));
  if (bad && findings.length === 0) {
    findings.push({ mark, subject, what: wordFor(technician.states, device.device), urgency });
  }
  findings.push(...evidenceFindings(device, texts));
  if (device.parts['paper'] === 'low') {
    findings.push({
      mark: 'watch',
      subject,
      ...technician.paperLow,
      action: technician.actions.clear,
      urgency: 3,
    });
  }
  return findings;
}

/** A printer that works, and can prove too little: nothing is printed for anybody, for each slip would be void. */
function evidenceFindings({ kind, printer }: DeviceReport, { technician }: Texts): readonly Weighed[] {
  if (printer === undefined || printer.evidence === 'unknown') return [];
  if (printer.evidence >= printer.minimumEvidence) return [];
  const concluded = technician.verdict[printer.evidence === 'E1' ? 'e1-at-most' : 'proves-nothing'];
  const subject = technician.devices[kind];
  return [
    {
      mark: 'bad',
      subject,
      // What it showed with a slip is no more than a suspicion until it was probed.
      ...(printer.probed ? concluded : technician.provesTooLittle),
      action: technician.actions.configuration,
      urgency: 0,
    },
  ];
}

/** Nothing is at fault, and yet something cannot be done: at least the agent's own word for it. */
function unexplained({ readiness }: AgentReport, { technician, kioskctl }: Texts): readonly Finding[] {
  if (readiness.issue && readiness.check) return [];
  return [
    {
      mark: 'watch',
      subject: kioskctl.section.services,
      what: reasons(readiness, { technician, kioskctl }),
    },
  ];
}

function reasons(readiness: AgentReport['readiness'], { technician, kioskctl }: Texts): string {
  const words = readiness.obstacles.map((obstacle) => wordFor(technician.obstacles, obstacle));
  return words.length === 0 ? kioskctl.service.unknownReason : kioskctl.listed(words);
}

function serviceRows({ readiness }: AgentReport, texts: Texts): readonly Row[] {
  const { technician, kioskctl } = texts;
  const methods = kioskctl.listed(readiness.methods.map((method) => wordFor(technician.methods, method)));
  const row = (subject: string, possible: boolean): Row => ({
    mark: possible ? 'well' : 'bad',
    subject,
    text: possible ? kioskctl.service.signIn(methods) : kioskctl.service.cannot(reasons(readiness, texts)),
  });
  return [row(kioskctl.service.issue, readiness.issue), row(kioskctl.service.check, readiness.check)];
}

function deviceRow(device: DeviceReport, { technician, kioskctl }: Texts): Row {
  const states: Readonly<Record<string, Readonly<Record<string, string>>>> = technician.partStates;
  const parts = Object.entries(device.parts)
    .filter(([, state]) => state !== 'unknown')
    .map(([part, state]) => {
      // What lies at a reader is a card, what lies at a printer's exit is paper.
      const name = part === 'media' && device.kind === 'idCardReader' ? 'card' : part;
      return `${wordFor(technician.parts, name)} ${wordFor(states[name] ?? {}, state)}`;
    });
  return {
    mark: deviceMark(device),
    subject: technician.devices[device.kind],
    text: [wordFor(technician.states, device.device), ...parts, ...whoItIs(device, kioskctl), device.link]
      .filter((text) => text !== '')
      .join(' · '),
  };
}

/** Model and firmware as the device tells them, and of a printer what it can prove. A reader's number is among its parts. */
function whoItIs({ identity, printer, kind }: DeviceReport, { device }: KioskctlText): readonly string[] {
  const { maker, model, firmware } = identity ?? {};
  const name =
    kind === 'idCardReader' ? [] : [[maker, model, firmware].filter((word) => word !== undefined).join(' ')];
  return printer === undefined
    ? name
    : [...name, device.profile(printer.profile), device.evidence[printer.evidence]];
}

function restRows(report: AgentReport, texts: Texts): readonly Row[] {
  const { kioskctl } = texts;
  const { database, queue, centre } = report;
  return [
    {
      mark: centre.reachable ? 'well' : centreWasAsked(report) ? 'bad' : 'watch',
      subject: kioskctl.row.centre,
      text: `${centreWord(report, kioskctl)} · ${centre.url}`,
    },
    {
      mark: clockMark(report),
      subject: kioskctl.row.clock,
      text: clockWord(report, kioskctl),
    },
    screenRow(report, texts),
    {
      mark: queue.voiding + queue.confirming > 0 ? 'watch' : 'well',
      subject: kioskctl.row.queue,
      text: kioskctl.queue.counts(queue),
    },
    {
      mark: database.movedAside === undefined ? 'well' : 'watch',
      subject: kioskctl.row.database,
      text: kioskctl.database.row({ ...database, size: spokenBytes(database.bytes) }),
    },
    {
      mark: 'plain',
      subject: kioskctl.row.program,
      text: kioskctl.program({
        version: report.version,
        uptime: spokenDuration(report.uptimeMs, kioskctl.duration),
        memory: spokenBytes(report.rssBytes),
      }),
    },
  ];
}

/** Before its first answer the centre is neither reachable nor an obstacle. */
function centreWasAsked({ centre, readiness }: AgentReport): boolean {
  return centre.reachable || readiness.obstacles.includes('centre-unreachable');
}

function centreWord(report: AgentReport, { centre }: KioskctlText): string {
  if (report.centre.reachable) return centre.reachable;
  return centreWasAsked(report) ? centre.trouble[troubleOf(report)].what : centre.notAskedYet;
}

/** An agent that cannot say why has had no answer. */
function troubleOf({ centre }: AgentReport): CentreTrouble {
  return centre.trouble ?? 'no-answer';
}

function centreFindings(report: AgentReport, { kioskctl }: Texts): readonly Weighed[] {
  if (report.centre.reachable || !centreWasAsked(report)) return [];
  const said = kioskctl.centre.trouble[troubleOf(report)];
  return [{ mark: 'bad', subject: kioskctl.row.centre, ...said, urgency: 0 }];
}

function clockMark({ centre: { clockOffsetMs, reachable } }: AgentReport): Mark {
  if (clockOffsetMs !== undefined && Math.abs(clockOffsetMs) > CLOCK_TOLERANCE_MS) return 'watch';
  return clockOffsetMs === undefined || !reachable ? 'plain' : 'well';
}

function clockWord(report: AgentReport, { clock, duration }: KioskctlText): string {
  const { clockOffsetMs: offsetMs, reachable } = report.centre;
  if (offsetMs === undefined) return clock.unknown;
  const difference = spokenDuration(Math.abs(offsetMs), duration);
  if (Math.abs(offsetMs) <= CLOCK_TOLERANCE_MS) {
    // A small one may be no more than the absence of any answer.
    return reachable ? clock.same(difference) : clock.unknown;
  }
  return offsetMs > 0 ? clock.behind(difference) : clock.ahead(difference);
}

function clockFindings(report: AgentReport, { kioskctl }: Texts): readonly Weighed[] {
  if (clockMark(report) !== 'watch') return [];
  const { why, remedy } = kioskctl.clock;
  const what = clockWord(report, kioskctl);
  return [{ mark: 'watch', subject: kioskctl.row.clock, what, why, remedy, urgency: 2 }];
}

/** Only a page that waits for people may stay as it is for long. */
function screenIsStuck({ painted }: AgentReport): boolean {
  return painted !== undefined && painted.screen !== 'attract' && painted.agoMs > PAGE_STUCK_MS;
}

function screenRow(report: AgentReport, { technician, kioskctl }: Texts): Row {
  const { screen: text, row, duration } = kioskctl;
  if (report.painted === undefined) return { mark: 'bad', subject: row.screen, text: text.none };
  const { screen, agoMs } = report.painted;
  const words = [wordFor(technician.screens, screen), spokenDuration(agoMs, duration)] as const;
  return screenIsStuck(report)
    ? { mark: 'watch', subject: row.screen, text: text.stuck(...words) }
    : { mark: 'well', subject: row.screen, text: text.painted(...words) };
}

function screenFindings(report: AgentReport, texts: Texts): readonly Weighed[] {
  const { screen: text } = texts.kioskctl;
  const { mark, subject, text: what } = screenRow(report, texts);
  if (mark === 'bad') {
    return [{ mark, subject, what, why: text.noneWhy, remedy: text.noneRemedy, urgency: 0 }];
  }
  if (mark !== 'watch') return [];
  return [{ mark, subject, what, why: text.stuckWhy, remedy: text.stuckRemedy, urgency: 1 }];
}

function databaseFindings({ database }: AgentReport, { kioskctl }: Texts): readonly Weighed[] {
  if (database.movedAside === undefined) return [];
  const { why, remedy, movedAside } = kioskctl.database;
  const what = movedAside(database.movedAside);
  return [{ mark: 'watch', subject: kioskctl.row.database, what, why, remedy, urgency: 2 }];
}

function queueFindings({ queue }: AgentReport, { kioskctl }: Texts): readonly Weighed[] {
  const waiting = queue.voiding + queue.confirming;
  if (waiting === 0) return [];
  const { why, remedy } = kioskctl.queue;
  return [
    {
      mark: 'watch',
      subject: kioskctl.row.queue,
      what: kioskctl.queue.waiting(waiting),
      why,
      remedy,
      urgency: 3,
    },
  ];
}
