import type { MapPlan } from '../view/directory-view.ts';

/**
 * What is to be on a piece of paper, in the terms of paper: points (1/72 inch) and millimetres. How a printer is made to
 * draw it is the composer's business (`drivers/receipt-printer/composer`).
 */
export interface PrintDocument {
  readonly part: 'body' | 'footer' | 'void' | 'test-page' | 'addresses';
  readonly elements: readonly PrintElement[];
}

export type PrintElement =
  | TextElement
  | QrElement
  | { readonly type: 'space'; readonly heightMm: number }
  | { readonly type: 'rule'; readonly style: 'solid' | 'dashed'; readonly label?: string }
  | MarkElement
  | MapElement
  | HeadPatternElement;

/** A paragraph; broken into lines at the paper's width. Control and bidi characters must be gone before it gets here. */
export interface TextElement {
  readonly type: 'text';
  readonly text: string;
  readonly sizePt: number;
  readonly weight: 'regular' | 'bold';
  readonly align: 'left' | 'center' | 'right';
}

/** A QR symbol, drawn centred with whole dots per module and a quiet zone of 4 modules (ISO/IEC 18004). */
export interface QrElement {
  readonly type: 'qr';
  readonly symbol: QrSymbol;
  /** Dots per module on paper at 203 dpi; even, so that it can be sent at half size and doubled by the printer. */
  readonly moduleDots: number;
}

export interface QrSymbol {
  /** Modules per side, without the quiet zone. */
  readonly size: number;
  /** Row by row, 1 = dark; `size * size` entries. */
  readonly modules: Uint8Array;
}

/**
 * For technicians: a comb in which every dot of the head prints alone, then a black bar, both over the whole width. A dead dot
 * is a vertical white line.
 */
export interface HeadPatternElement {
  readonly type: 'headPattern';
  readonly heightMm: number;
}

/** 已启用 or 作废, large and framed (void: also struck across). */
export interface MarkElement {
  readonly type: 'mark';
  readonly mark: 'valid' | 'void';
  readonly text: string;
}

/** A drawn map over the whole width: this machine as a black square, the terminals as numbered circles, north up. */
export interface MapElement {
  readonly type: 'map';
  readonly plan: MapPlan;
  /** Height of the map, and radius of a mark on it, as shares of the paper's width. */
  readonly height: number;
  readonly markRadius: number;
  /** Beside the arrow that points up. */
  readonly north: string;
  /** Beside the bar of the scale. */
  readonly scale: string;
}
