/** How long a session waits for a person, a device or the centre. All in milliseconds; bounds are the configuration's. */
export interface SessionLimits {
  /** Without a touch, before 您还在吗. Stands still while reader, printer or centre is busy; grows with the person's pace (`pace.ts`). */
  readonly idleMs: number;
  /** The same on the confirmation page: reading takes time. Does not grow: personal data is on the screen. */
  readonly confirmMs: number;
  /** How long 您还在吗 waits. Can be extended without end. */
  readonly warningMs: number;
  /** 请取走: after this the slip counts as cut and taken; where a sensor sees it lying there it is said again (E16), once. */
  readonly takeSlipMs: number;
  /** 请扫一扫这张纸: after this it is not asked for any more. */
  readonly readBackMs: number;
  /** 办好了, before the kiosk goes back by itself. Grows with the person's pace. */
  readonly finishedMs: number;
  /** 请取走您的身份证, where no sensor sees the card leave. */
  readonly takeIdCardMs: number;
  /** 显示全名, before it is masked again. */
  readonly fullNameMs: number;
  /** Identifying longer than this is said (E13). */
  readonly longWaitMs: number;
  /** After 接着等: a step of the issuance that goes on for so long is said again (E13). */
  readonly waitAgainMs: number;
  /** Identifying longer than this is given up (E12). Above any time limit of the calls below it. */
  readonly identifyCeilingMs: number;
  /** An issuance without an outcome for this long is no longer waited for. Above any time limit of its own. */
  readonly issueCeilingMs: number;
  /** A slip that is pulled back for this long is no longer waited for. Above any time limit of its own. */
  readonly retractCeilingMs: number;
  /** A call for help that nobody has taken for so long reached nobody. Above the time limit of its own. */
  readonly helpCeilingMs: number;
  /** An address slip of which nothing is heard for so long is no longer waited for. Above the time limit of its own. */
  readonly addressesCeilingMs: number;
}

/** From the rulings and `docs/glossary.md`; the sum of calls and prints lies well under the ceilings. */
export const defaultSessionLimits: SessionLimits = {
  idleMs: 90_000,
  confirmMs: 120_000,
  warningMs: 60_000,
  takeSlipMs: 30_000,
  readBackMs: 60_000,
  finishedMs: 10_000,
  takeIdCardMs: 15_000,
  fullNameMs: 10_000,
  longWaitMs: 8_000,
  waitAgainMs: 20_000,
  identifyCeilingMs: 60_000,
  issueCeilingMs: 240_000,
  retractCeilingMs: 40_000,
  helpCeilingMs: 5_000,
  addressesCeilingMs: 60_000,
};
