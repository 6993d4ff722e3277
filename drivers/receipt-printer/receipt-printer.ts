import type { DeviceDriver, ReceiptPrinterConnection } from '../../src/devices/contract.ts';
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
import type { PaperFontFiles } from './composer/paper-fonts.ts';
import { burstBytes } from './printer-profile.ts';
import type { ReceiptPrinterProfile } from './printer-profile.ts';
import { PrinterConnection } from './printer-connection.ts';

/** What a receipt printer driver is made of. */
export interface ReceiptPrinterOptions {
  readonly transport: ByteTransport;
  readonly clock: Clock;
  readonly profile: ReceiptPrinterProfile;
  /** For ids that tell one connection's echoes from another's. */
  readonly random?: RandomSource;
  /** Default: Debian's fonts-noto-cjk and fonts-hanazono. */
  readonly fonts?: PaperFontFiles;
}

/** A driver that can get itself ready before the first slip. */
export interface ReceiptPrinterDriver extends DeviceDriver<ReceiptPrinterConnection> {
  /** Loads the fonts and draws a few characters in all sizes, so that the first slip does not wait for it (about 50 ms). */
  warmUp(): Result<void, DeviceFault>;
}

/** Old bytes are let out of the line for so long before the first question, ms. */
const DRAIN_MS = 50;

/**
 * An ESC/POS printer on a line of bytes. `connect` drains what is left of an earlier life, asks for the state, empties the
 * printer's buffer and turns automatic status on. Faults: those of the line, `printer.fonts-missing`, `printer.no-answer`
 * (nobody there), `printer.not-processing` (somebody there who does not obey).
 */
export function createReceiptPrinterDriver(options: ReceiptPrinterOptions): ReceiptPrinterDriver {
  const { transport, clock, profile, random = systemRandom } = options;
  let composer: Composer | undefined;
  const readyComposer = (): Result<Composer, DeviceFault> => {
    if (composer !== undefined) return ok(composer);
    const fonts = loadPaperFonts(options.fonts ?? debianFontFiles);
    if (!fonts.ok) return fonts;
    composer = createComposer(fonts.value, {
      widthDots: profile.widthDots,
      bandBytes: burstBytes(profile),
    });
    return ok(composer);
  };
  return {
    warmUp() {
      const ready = readyComposer();
      if (!ready.ok) return ready;
      drawSample(ready.value);
      return ok(undefined);
    },
    async connect(signal) {
      const ready = readyComposer();
      if (!ready.ok) return ready;
      const opened = await transport.open(signal);
      if (!opened.ok) return opened;
      const link = opened.value;
      const connection = new PrinterConnection({ link, clock, profile, random, composer: ready.value });
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
