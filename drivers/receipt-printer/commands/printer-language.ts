import type { PaperStrip } from '../composer/compose-document.ts';
import {
  askPaperInOrder,
  askProcessId,
  automaticFullStatusOn,
  automaticStatusOn,
  clearBuffers,
  initialise,
  recoverAndClear,
  setAutomaticStatus,
  stripBytes,
} from './commands.ts';
import {
  askEtb,
  beginRaster,
  cancelPrintData,
  endRaster,
  prepareStar,
  starStripPieces,
} from './star-line-commands.ts';
import type { ReceiptPrinterProfile } from '../printer-profile.ts';

/** How a printer says that it has come to a certain place in what it was sent. */
export type FenceKind = 'process-id' | 'paper-status' | 'etb';

/** The bytes of one command language, with what a model needs of its own. Whole commands only. */
export interface PrinterLanguage {
  /** Modes to default, automatic status on: before each job. */
  readonly prepare: Uint8Array;
  /** The same, and the printer answers when it comes to it … */
  readonly initialise: Uint8Array;
  /** … with two automatic statuses, with what an `ETB` brings, or (`asked`) not before `GS r` asks. */
  readonly initialised: 'status' | 'etb' | 'asked';
  /** How many `ETB` are in `initialise` (Star). */
  readonly etbsInInitialise: number;
  /** Real-time: drops what has not been printed yet. */
  readonly dropBuffer: readonly Uint8Array[];
  /** Around everything that is drawn. */
  readonly beginDrawing: Uint8Array;
  readonly endDrawing: Uint8Array;
  /** A strip in pieces between which a status question may go. */
  strip(strip: PaperStrip): readonly Uint8Array[];
  /** The question whose answer proves that everything before it is done. @param id used by `process-id` only */
  fence(kind: FenceKind, id: string): Uint8Array;
  readonly cut: Uint8Array;
  /** Pulls in a slip that nobody took; undefined: no way to. */
  readonly retract: Uint8Array | undefined;
}

const NOTHING = new Uint8Array(0);
const AUTOMATIC_STATUS_OFF = 0;

/** The language of a model. @param pieceBytes a strip that becomes longer than this is sent in several pieces */
export function languageOf(profile: ReceiptPrinterProfile, pieceBytes: number): PrinterLanguage {
  return profile.language === 'star-line' ? starLine(profile, pieceBytes) : escPos(profile);
}

function escPos(profile: ReceiptPrinterProfile): PrinterLanguage {
  const { cut, presenter } = profile;
  const isCustom = profile.statusDialect === 'custom';
  const automaticStatus = isCustom ? automaticFullStatusOn : automaticStatusOn;
  const prepare = Buffer.concat([initialise(automaticStatus), presenter?.autoRetract ?? NOTHING]);
  return {
    prepare,
    initialise: isCustom
      ? prepare
      : Buffer.concat([prepare, setAutomaticStatus(AUTOMATIC_STATUS_OFF), automaticStatusOn]),
    etbsInInitialise: 0,
    initialised: isCustom ? 'asked' : 'status',
    dropBuffer: [clearBuffers, recoverAndClear],
    beginDrawing: NOTHING,
    endDrawing: NOTHING,
    strip: (strip) => [stripBytes(strip)],
    fence: (kind, id) => (kind === 'process-id' ? askProcessId(id) : askPaperInOrder),
    cut: cut.bytes,
    retract: presenter?.retract,
  };
}

function starLine(profile: ReceiptPrinterProfile, pieceBytes: number): PrinterLanguage {
  const { cut, presenter } = profile;
  const prepare = Buffer.concat([prepareStar, presenter?.autoRetract ?? NOTHING]);
  return {
    prepare,
    initialise: Buffer.concat([prepare, askEtb]),
    etbsInInitialise: 1,
    initialised: 'etb',
    dropBuffer: [cancelPrintData],
    beginDrawing: beginRaster,
    endDrawing: endRaster,
    strip: (strip) => starStripPieces(strip, pieceBytes),
    fence: () => askEtb,
    cut: cut.bytes,
    retract: presenter?.retract,
  };
}
