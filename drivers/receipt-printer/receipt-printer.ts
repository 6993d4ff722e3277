import type { DeviceDriver } from '../../src/devices/contract.ts';
import type { DeviceFindings } from '../../src/devices/device-findings.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import { sleep } from '../../src/platform/clock.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { systemRandom } from '../../src/platform/random.ts';
import type { RandomSource } from '../../src/platform/random.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import type { ByteTransport } from '../transport/byte-link.ts';
import { createComposer } from './composer/compose-document.ts';
import type { Composer } from './composer/compose-document.ts';
import { debianFontFiles, loadPaperFonts } from './composer/paper-fonts.ts';
import type { PaperFontFiles, PaperFonts } from './composer/paper-fonts.ts';
import type { PrinterFindings } from './printer-findings.ts';
import { bandBytes, lineTo } from './protocol/printer-line.ts';
import type { PrinterLine } from './protocol/printer-line.ts';
import type { ReceiptPrinterProfile } from './printer-profile.ts';
import { PrinterConnection } from './printer-connection.ts';
import type { ProbedPrinterConnection } from './printer-connection.ts';

/** What a receipt printer driver is made of. */
export interface ReceiptPrinterOptions {
  readonly transport: ByteTransport;
  readonly clock: Clock;
  readonly profile: ReceiptPrinterProfile;
  readonly line: PrinterLine;
  /** For ids that tell one connection's echoes from another's. */
  readonly random?: RandomSource;
  /** Default: Debian's fonts-noto-cjk and fonts-hanazono. */
  readonly fonts?: PaperFontFiles;
  /** What probes found out, kept over restarts. Without it each connection begins with the profile alone. */
  readonly findings?: DeviceFindings<PrinterFindings>;
  /**
   * True on serial lines, unless the site wants everything drawn: text is set in the printer's own font where profile or findings
   * say that it has one. Default false.
   */
  readonly nativeText?: boolean;
}

/** A driver that can get itself ready before the first slip. */
export interface ReceiptPrinterDriver extends DeviceDriver<ProbedPrinterConnection> {
  /** Loads the fonts and draws a few characters in all sizes, so that the first slip does not wait for it (about 50 ms). */
  warmUp(): Result<void, DeviceFault>;
}

/** Old bytes are let out of the line for so long before the first question, ms. */
const DRAIN_MS = 50;

/**
 * A printer on a line of bytes, in the language of its profile. `connect` drains what is left of an earlier life, asks for the
 * state, empties the printer's buffer, turns automatic status on and asks who it is. Faults: those of the line,
 * `printer.fonts-missing`, `printer.no-answer` (nobody there), `printer.not-ready` (DSR says off), `printer.not-processing`
 * (somebody there who does not obey).
 */
export function createReceiptPrinterDriver(options: ReceiptPrinterOptions): ReceiptPrinterDriver {
  const { transport, clock, profile, findings, random = systemRandom } = options;
  const line = lineTo(options.line, profile);
  const composers = createComposers({ ...options, line });
  return {
    warmUp() {
      const ready = composers();
      if (!ready.ok) return ready;
      drawSample(ready.value(undefined));
      return ok(undefined);
    },
    async connect(signal) {
      const ready = composers();
      if (!ready.ok) return ready;
      const opened = await transport.open(signal);
      if (!opened.ok) return opened;
      const connection = new PrinterConnection({
        link: opened.value,
        clock,
        profile,
        line,
        random,
        findings,
        place: transport.description,
        composerFor: ready.value,
      });
      const giveUp = () => {
        void connection.close();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      await sleep(clock, DRAIN_MS, signal);
      const fault = await connection.handshake();
      signal.removeEventListener('abort', giveUp);
      if (fault === undefined && !signal.aborted) return ok(connection);
      await connection.close();
      return err(fault ?? givenUp);
    },
  };
}

const givenUp: DeviceFault = { code: 'link.closed', action: 'suspend' };

type ComposerFor = (rom: 'gb18030' | 'gb2312' | undefined) => Composer;

/** One composer for each way of setting text, made when first wanted; fonts are loaded once. */
function createComposers({ profile, line, fonts, nativeText = false }: ReceiptPrinterOptions) {
  let loaded: PaperFonts | undefined;
  const made = new Map<string, Composer>();
  return (): Result<ComposerFor, DeviceFault> => {
    const { widthDots, language } = profile;
    const result = loaded === undefined ? loadPaperFonts(fonts ?? debianFontFiles) : ok(loaded);
    if (!result.ok) return result;
    loaded = result.value;
    const paperFonts = result.value;
    return ok((rom) => {
      const native = nativeText && language === 'esc-pos' ? rom : undefined;
      const key = native ?? 'raster';
      const composer =
        made.get(key) ??
        createComposer(paperFonts, { widthDots, bandBytes: bandBytes(line), nativeText: native });
      made.set(key, composer);
      return composer;
    });
  };
}

/** Each size and weight that slips use once: glyph caches of the canvas fill, code gets compiled. */
function drawSample(composer: Composer): void {
  const sizes = [14, 16, 17, 20, 24];
  const elements = sizes.flatMap((sizePt) =>
    (['regular', 'bold'] as const).map(
      (weight) =>
        ({ type: 'text', text: '随申码离线码能用到2027年5月20日', sizePt, weight, align: 'left' }) as const,
    ),
  );
  const drawn = composer.compose({
    part: 'test-page',
    elements: [...elements, { type: 'rule', style: 'dashed' }],
  });
  for (const strip of drawn) if (strip.kind === 'feed') continue;
}
