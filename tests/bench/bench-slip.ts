import QRCode from 'qrcode';
import { createComposer, stripDots } from '../../drivers/receipt-printer/composer/compose-document.ts';
import type { PaperStrip } from '../../drivers/receipt-printer/composer/compose-document.ts';
import { loadPaperFonts } from '../../drivers/receipt-printer/composer/paper-fonts.ts';
import { romCharacters } from '../../drivers/receipt-printer/composer/rom-characters.ts';
import { languageOf } from '../../drivers/receipt-printer/commands/printer-language.ts';
import { bandBytes, lineTo } from '../../drivers/receipt-printer/protocol/printer-line.ts';
import type { PrinterLine } from '../../drivers/receipt-printer/protocol/printer-line.ts';
import type { ReceiptPrinterProfile } from '../../drivers/receipt-printer/printer-profile.ts';
import type { PrintDocument } from '../../src/slip/print-document.ts';
import { bodyDocument, footerDocument } from '../../src/slip/slip-document.ts';
import type { ReceiptItem } from '../fixtures/public-generators.ts';

const TOKEN = 'OC1ABCDEFGHJKMNPQRSTVWXYZ234567ABCD';

/** The lines that slips are measured on, each as the agent describes it to the driver. */
export const benchLines = {
  serial: { bytesPerSecond: 11_520, flowControl: 'none', backPressure: 'paced' },
  tcp: { bytesPerSecond: 100_000, flowControl: 'none', backPressure: 'window' },
  usb: { bytesPerSecond: 100_000, flowControl: 'none', backPressure: 'nak' },
} as const satisfies Record<string, PrinterLine>;

export type BenchLine = keyof typeof benchLines;

/** The slip that everything is measured with: an invented person, 80 or 58 mm. */
export function benchSlip(): readonly PrintDocument[] {
  const body = bodyDocument({
    maskedName: '*小明',
    token: TOKEN,
    shortCode: 'ABCD2345WXYZ',
    validUntil: '2027-05-20',
    issuedOn: '2026-11-22',
    kind: 'apply',
  });
  if (!body.ok) throw new Error(body.error);
  return [body.value, footerDocument()];
}

/** How text gets on paper: drawn here, or set by the printer. */
export type Setting = 'raster' | 'native';

/** Makes the bytes of the slip as the driver sends them on this line, from the first command to the cut. */
export function slipMaker(
  profile: ReceiptPrinterProfile,
  setting: Setting,
  line: BenchLine,
): () => Uint8Array {
  const fonts = loadPaperFonts();
  if (!fonts.ok) throw new Error(fonts.error.code);
  const rom = profile.chineseRom === 'gb2312' ? 'gb2312' : 'gb18030';
  const pieceBytes = bandBytes(lineTo(benchLines[line], profile));
  const composer = createComposer(fonts.value, {
    widthDots: profile.widthDots,
    bandBytes: pieceBytes,
    nativeText: setting === 'native' ? rom : undefined,
  });
  const language = languageOf(profile, pieceBytes);
  const feed: PaperStrip = { kind: 'feed', dots: Math.ceil(profile.cutterDistanceMm * 8) };
  return () => {
    const pieces: Uint8Array[] = [];
    for (const document of benchSlip()) {
      pieces.push(language.prepare, language.beginDrawing);
      for (const strip of composer.compose(document)) pieces.push(...language.strip(strip));
      if (document.part === 'footer' && !profile.cut.feedsToCutter) pieces.push(...language.strip(feed));
      pieces.push(language.endDrawing, language.fence(fenceOf(profile), 'B001'));
    }
    pieces.push(language.cut, language.fence(fenceOf(profile), 'C001'));
    return Buffer.concat(pieces);
  };
}

/** How long the drawn slip is, dots. */
export function slipDots(widthDots: number): number {
  const fonts = loadPaperFonts();
  if (!fonts.ok) throw new Error(fonts.error.code);
  const composer = createComposer(fonts.value, { widthDots, bandBytes: bandBytes(benchLines.serial) });
  return benchSlip()
    .flatMap((document) => Array.from(composer.compose(document)))
    .reduce((sum, strip) => sum + stripDots(strip), 0);
}

/** The proof that a job asks for; what has to be found out is asked for as if it were known. */
function fenceOf({ fence }: ReceiptPrinterProfile) {
  return fence === 'paper-status' || fence === 'etb' ? fence : 'process-id';
}

/** The same texts in double size, the same two symbols as pictures: what another generator is asked for. */
export async function equivalentReceipt(chinese: boolean): Promise<readonly ReceiptItem[]> {
  const png = await QRCode.toBuffer(TOKEN, { version: 8, errorCorrectionLevel: 'H', scale: 6, margin: 4 });
  const items = benchSlip().flatMap(({ elements }) =>
    elements.flatMap((element): readonly ReceiptItem[] => {
      switch (element.type) {
        case 'qr':
          return [{ kind: 'picture', png }];
        case 'mark':
          return [
            { kind: 'text', text: encodable(element.text, chinese), scale: 2, bold: true, align: 'center' },
          ];
        case 'text':
          return element.text.split('\n').map((text) => ({
            kind: 'text',
            text: encodable(text, chinese),
            scale: 2,
            bold: element.weight === 'bold',
            align: element.align,
          }));
        default:
          return [];
      }
    }),
  );
  return [...items, { kind: 'feed', lines: 4 }];
}

/** A generator without Chinese gets a letter for each byte that a Chinese character would take. */
function encodable(text: string, chinese: boolean): string {
  const bytes = romCharacters('gb18030').encode(text)?.length ?? text.length * 2;
  return chinese ? text : 'x'.repeat(bytes);
}
