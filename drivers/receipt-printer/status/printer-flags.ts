/** What the printer's bits say, whichever way they came and whoever made it. */
export interface PrinterFlags {
  readonly offline: boolean;
  readonly coverOpen: boolean;
  readonly paperEnd: boolean;
  readonly paperNearEnd: boolean;
  /** Mechanical error, jam or missing black mark, by model. */
  readonly mechanicalError: boolean;
  readonly cutterError: boolean;
  readonly unrecoverableError: boolean;
  /** Head too hot, or cover opened while printing: passes by itself. */
  readonly recoverableError: boolean;
  /** The supply gives too much or too little. */
  readonly voltageError: boolean;
  /** The sensor at the exit sees a slip. */
  readonly paperAtExit: boolean;
  /** A hand pulled the slip out (only Star says so). */
  readonly slipTaken: boolean;
  /** The printer pulled the slip in (only Star says so). */
  readonly slipRetracted: boolean;
  /** Paper is stuck where slips come out. */
  readonly jamAtExit: boolean;
  /** What holds the slip out does not work. */
  readonly presenterError: boolean;
}

/** A printer without any complaint. */
export const noFlags: PrinterFlags = {
  offline: false,
  coverOpen: false,
  paperEnd: false,
  paperNearEnd: false,
  mechanicalError: false,
  cutterError: false,
  unrecoverableError: false,
  recoverableError: false,
  voltageError: false,
  paperAtExit: false,
  slipTaken: false,
  slipRetracted: false,
  jamAtExit: false,
  presenterError: false,
};

/** Which flags one byte of status tells, and by which of its bits: any of the mask's bits set means true. */
export type BitTable = Readonly<Partial<Record<keyof PrinterFlags, number>>>;

/** The flags that an answer tells, one table for each of its bytes. A flag that several bytes tell is set by any of them. */
export function readBits(tables: readonly BitTable[], bytes: readonly number[]): Partial<PrinterFlags> {
  const told: Record<string, boolean> = {};
  for (const [index, table] of tables.entries()) {
    for (const [flag, mask] of Object.entries(table)) {
      told[flag] = told[flag] === true || ((bytes[index] ?? 0) & mask) !== 0;
    }
  }
  return told;
}

/** What is set in either. */
export function eitherFlags(flags: PrinterFlags, others: Partial<PrinterFlags>): PrinterFlags {
  const set = Object.entries(others).filter(([, isSet]) => isSet);
  return { ...flags, ...Object.fromEntries(set) };
}

/** Sensors that a model has not got say nothing, whatever its bits say. */
export function withFittedSensors(
  flags: PrinterFlags,
  fitted: { readonly nearEnd: boolean; readonly cover: boolean; readonly exit: boolean },
): PrinterFlags {
  return {
    ...flags,
    paperNearEnd: flags.paperNearEnd && fitted.nearEnd,
    coverOpen: flags.coverOpen && fitted.cover,
    paperAtExit: flags.paperAtExit && fitted.exit,
  };
}
