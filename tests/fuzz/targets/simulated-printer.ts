import { createHash } from 'node:crypto';
import { FAMILIES, type FamilyName } from '../../../drivers/simulators/receipt-printer/families.ts';
import { FenceSpotter } from '../../../drivers/simulators/receipt-printer/fence-spotter.ts';
import { escPosLanguage } from '../../../drivers/simulators/receipt-printer/language.ts';
import type { PrinterEffect } from '../../../drivers/simulators/receipt-printer/language.ts';
import { Printer } from '../../../drivers/simulators/receipt-printer/printer.ts';
import type { PrinterMake } from '../../../drivers/simulators/receipt-printer/printer.ts';
import {
  RealTimeCommandSpotter,
  StarRealTimeSpotter,
} from '../../../drivers/simulators/receipt-printer/real-time-commands.ts';
import { starLineLanguage } from '../../../drivers/simulators/receipt-printer/star-line.ts';
import { createManualClock } from '../../fixtures/manual-clock.ts';
import type { Chance } from '../chance.ts';
import { stream } from '../fuzz-target.ts';
import { ascii, contains, hex, joined } from './wire-bytes.ts';

const HEAD_DOTS = 384;
/** More than this is never waiting in a printer. */
const BUFFER_BYTES = 65_536;

/** Commands of device-protocols 3.1 to 3.5, whole. */
const COMMANDS = [
  '1b 40',
  '1b 61 01',
  '1b 45 01',
  '1b 21 38',
  '1b 33 18',
  '1b 64 03',
  '1b 4a 10',
  '1b 2a 21 02 00 aa bb cc dd ee ff',
  '1c 26',
  '1c 2e',
  '1c 21 0c',
  '1d 21 11',
  '1d 42 01',
  '1d 4c 20 00',
  '1d 57 80 01',
  '1d 76 30 00 03 00 02 00 aa 55 ff 00 ff 55',
  '1d 76 30 03 02 00 01 00 f0 0f',
  '1d 28 4c 0e 00 30 70 30 01 01 31 08 00 04 00 ff 81 81 ff',
  '1d 28 4c 02 00 30 32',
  '1d 38 4c 0e 00 00 00 30 70 30 02 02 31 08 00 04 00 ff 81 81 ff',
  '1d 28 48 06 00 30 30 50 30 30 31',
  '1d 28 6b 03 00 31 43 06',
  '1d 28 6b 07 00 31 50 30 4f 43 31 41',
  '1d 28 6b 03 00 31 51 30',
  '1d 6b 49 04 7b 42 41 42',
  '1d 49 43',
  '1d 61 0e',
  '1d 72 01',
  '1d 56 42 00',
  '1b 69',
  '10 04 01',
  '10 05 02',
  '10 14 08 01 03 14 01 06 02 08',
  'cb e6 c9 ea c2 eb',
  '41 42 43 0a',
].map(hex);

/** Star Line Mode: raster on, a row, a feed, off, cut, ETB, status, presenter. */
const STAR_COMMANDS = [
  '1b 40',
  '1b 2a 72 41',
  '62 02 00 f0 0f',
  '6b 01 00 ff',
  '1b 2a 72 59 31 36 00',
  '1b 2a 72 42',
  '1b 64 03',
  '17',
  '1b 06 01',
  '18',
  '1b 1e 61 01',
  '1b 1e 45 00',
  '1b 16 30 00',
  '1b 16 31 05',
  '41 42 0a',
].map(hex);

/** A form for each family; the clone stands for one without Chinese characters. */
const FORMS: readonly FamilyName[] = ['epson', 'citizen', 'custom', 'masung', 'clone', 'star'];
const familyOf = (form: number): FamilyName => FORMS[form] ?? 'epson';

function script(chance: Chance, form: number): Uint8Array {
  const commands = familyOf(form) === 'star' ? STAR_COMMANDS : COMMANDS;
  return joined(
    Array.from({ length: chance.between(1, 8) }, () => {
      if (chance.once(8)) return chance.bytes(chance.between(1, 6));
      if (chance.once(20)) return largeImage(chance);
      return chance.pick(commands);
    }),
  );
}

/** An image whose numbers are as large as they can be, with few bytes behind them. */
function largeImage(chance: Chance): Uint8Array {
  const size = [chance.pick([0, 1, 0xff]), chance.pick([0, 0xff])];
  const rows = [chance.pick([1, 0xff]), chance.pick([0, 1, 0xff])];
  if (chance.once(2))
    return Uint8Array.from([0x1d, 0x76, 0x30, chance.below(4), ...size, ...rows, ...chance.bytes(20)]);
  const scale = chance.pick([1, 2, 0xff]);
  const image = [0x30, 0x70, 0x30, scale, scale, 0x31, ...size, ...rows, ...chance.bytes(8)];
  return Uint8Array.from([0x1d, 0x28, 0x4c, image.length, 0, ...image, 0x1d, 0x28, 0x4c, 2, 0, 0x30, 0x32]);
}

/** What a command did, without the picture itself. */
type Done =
  | { readonly kind: string; readonly detail: string }
  | { readonly kind: 'rows'; readonly rows: number; readonly hash: string };

function doneBy(effect: PrinterEffect): Done {
  if (effect.kind !== 'rows') return { kind: effect.kind, detail: JSON.stringify(effect) };
  const hash = createHash('sha1');
  for (const row of effect.rows.slice(0, 500)) hash.update(row);
  return { kind: 'rows', rows: effect.rows.length, hash: hash.digest('hex') };
}

function languageOf(form: number) {
  const name = familyOf(form);
  if (name === 'star') return starLineLanguage(HEAD_DOTS);
  const chineseRom = name === 'clone' ? 'none' : 'gb18030';
  return escPosLanguage(HEAD_DOTS, FAMILIES[name].commands, {
    chineseRom,
    scalesChineseBy: 'both',
    largestScale: 8,
  });
}

/** Commands out of a receive buffer, carried out without paper. */
export const simulatorPrinterCommands = stream<Done>({
  name: 'simulator-printer-commands',
  maxBytes: 600,
  forms: FORMS.length,
  holdsItsInput: true,
  open(form) {
    const language = languageOf(form);
    let buffered: Uint8Array = new Uint8Array(0);
    let imageBytes = 0;
    const step = (): Done[] | undefined => {
      if (imageBytes > 0) {
        const taken = Math.min(imageBytes, buffered.length);
        imageBytes -= taken;
        buffered = buffered.subarray(taken);
        if (imageBytes > 0) return undefined;
      }
      const command = language.parse(buffered);
      if (command === 'more') return undefined;
      if (command.length < 1 || command.length > buffered.length)
        throw new RangeError('a command of no length');
      buffered = buffered.subarray(command.length);
      const effects = language.run(command);
      for (const effect of effects)
        if (effect.kind === 'raster') imageBytes += effect.image.bytesPerRow * effect.image.rows;
      return effects.map(doneBy);
    };
    return {
      push(bytes) {
        buffered = Buffer.concat([buffered, bytes]).subarray(0, BUFFER_BYTES);
        const done: Done[] = [];
        for (let next = step(); next !== undefined; next = step()) done.push(...next);
        return done;
      },
      end: () => [{ kind: 'left', detail: String(buffered.length) }],
    };
  },
  check: (_input, done) =>
    done.some((one) => 'rows' in one && one.rows > 65_535)
      ? 'more rows than any command can ask for'
      : undefined,
  grammar: script,
  tokens: [...COMMANDS, ...STAR_COMMANDS],
});

/** What is picked out of the stream before it waits: real-time commands, and completion questions for a printer that lies. */
export const simulatorPrinterRealTime = stream<object>({
  name: 'simulator-printer-real-time',
  maxBytes: 300,
  forms: FORMS.length,
  open(form) {
    const spotter = familyOf(form) === 'star' ? new StarRealTimeSpotter() : new RealTimeCommandSpotter();
    const fences = new FenceSpotter();
    return {
      push: (bytes) =>
        Array.from(bytes).flatMap((byte) => {
          const command = spotter.push(byte);
          const answer = fences.push(byte);
          return [
            ...(command ? [command] : []),
            ...(answer ? [{ kind: 'answer', answer: Array.from(answer) }] : []),
          ];
        }),
      end: () => [],
    };
  },
  check: (input, found) => (found.length > input.length ? 'more commands than bytes' : undefined),
  grammar: script,
  tokens: [...COMMANDS, ...STAR_COMMANDS],
});

const makeOf = (family: FamilyName): PrinterMake => ({
  family,
  geometry: { headDots: HEAD_DOTS, marginDots: 8, cutterDistanceMm: 15 },
  speedMmPerSecond: 5000,
  bufferBytes: BUFFER_BYTES,
  identity: { firmware: '1', maker: 'M', model: 'N', serial: 'S', romLanguage: 'CHINA GB18030' },
  answersProcessId: true,
  exitSensor: FAMILIES[family].exitSensor,
  presenter: FAMILIES[family].presenter,
  autoRetractMs: 0,
  flow: 'wait',
  flowBytesInReplies: false,
});

/** What empties the buffer at once: how much of a slip is out by then is a matter of microseconds. */
const CLEARING = [hex('10 14 08 01 03 14 01 06 02 08'), hex('10 05 02')];
const STAR_CLEARING = [hex('18')];

function clears(form: number, received: Uint8Array): boolean {
  return (familyOf(form) === 'star' ? STAR_CLEARING : CLEARING).some((command) =>
    contains(received, command),
  );
}

/** So long a slip may take: what is not printed by then has no end in sight. */
const PRINT_LIMIT_MS = 120_000;
const MOST_PICTURED_DOTS = 4000;

/** The whole printer, its motor and paper on a clock that is wound. */
export const simulatorPrinter = stream<object>({
  name: 'simulator-printer',
  maxBytes: 300,
  forms: FORMS.length,
  holdsItsInput: true,
  open(form) {
    const clock = createManualClock();
    const line = { send: () => undefined, roomGrew: () => undefined, pullOut: () => undefined };
    const printer = new Printer(makeOf(familyOf(form)), clock, line, undefined);
    const received: Uint8Array[] = [];
    return {
      push(bytes) {
        received.push(bytes);
        printer.receive(bytes);
        return [];
      },
      async end() {
        await clock.advance(PRINT_LIMIT_MS);
        if (clears(form, joined(received))) return [{ kind: 'cleared' }];
        const { visibleDots } = printer.paper;
        // Metres of paper take longer to be made a picture of than to be printed.
        const picture = visibleDots < MOST_PICTURED_DOTS ? printer.paper.picture() : new Uint8Array(0);
        const paper = createHash('sha1').update(picture).digest('hex');
        const slips = printer.tray.slips.map(({ heightMm, cut }) => ({ heightMm, cut }));
        printer.end();
        return [{ kind: 'paper', visibleDots, paper, slips: JSON.stringify(slips) }];
      },
    };
  },
  grammar: script,
  tokens: [...COMMANDS, ...STAR_COMMANDS, ascii('\n')],
});
