import { mkdirSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '../../../src/platform/clock.ts';
import type { RandomSource } from '../../../src/platform/random.ts';
import { command, type Command, openControl } from '../control.ts';
import { cableCommands } from '../cable-commands.ts';
import { type DeviceLine, openLine } from '../line.ts';
import type { RunningSimulator, SimulatorOptions } from '../program.ts';
import { FAMILIES } from './families.ts';
import { deviceIdText } from './identity.ts';
import { Printer, type PrinterMake } from './printer.ts';
import { printerOnUsb } from './usb-form.ts';

const nothingMore = z.strictObject({});

/** Starts a receipt printer that understands ESC/POS on its line and draws what comes out. */
export async function startReceiptPrinter(
  options: SimulatorOptions & { readonly make: PrinterMake; readonly out: string | undefined },
  clock: Clock,
  random: RandomSource,
): Promise<RunningSimulator> {
  if (options.out !== undefined) mkdirSync(options.out, { recursive: true });
  const printer: Printer = new Printer(
    options.make,
    clock,
    {
      send: (bytes) => void line.write(bytes),
      roomGrew: () => line.roomGrew(),
      pullOut: () => void line.pullOut(),
      tellDataSetReady: (ready) => line.tellDataSetReady(ready),
    },
    options.out,
  );
  const line: DeviceLine = await openLine({
    ...options,
    clock,
    random,
    onBytes: (bytes) => printer.receive(bytes),
    room: () => printer.room(),
    usbForm: (role, names) =>
      printerOnUsb(role, names, {
        deviceId: () => deviceIdText(options.make.identity, FAMILIES[options.make.family].language),
        portStatus: () => printer.portStatus(),
        softReset: () => printer.clearBuffers(),
      }),
  });
  const control = await openControl(options.controlPort, {
    state: () => stateOf(printer, line),
    commands: commandsOf(printer, line),
    get(path) {
      if (path === '/slips') return { type: 'application/json', body: JSON.stringify(printer.tray.slips) };
      if (path === '/paper.png') return { type: 'image/png', body: printer.paper.picture() };
      const name = /^\/slips\/([\w-]+)\.png$/.exec(path)?.[1];
      const picture = name === undefined ? undefined : printer.tray.picture(name);
      return picture && { type: 'image/png', body: picture };
    },
  });
  return {
    address: line.address,
    controlUrl: control.url,
    async stop() {
      printer.end();
      await control.close();
      await line.pullOut();
    },
  };
}

function stateOf(printer: Printer, line: DeviceLine): unknown {
  const { paper, coverOpen, cutterJammed, paperJammed } = printer.condition;
  return {
    device: 'receipt-printer',
    pluggedIn: line.pluggedIn(),
    connected: line.connected(),
    paper,
    cover: coverOpen ? 'open' : 'closed',
    cutter: cutterJammed ? 'jammed' : 'ok',
    jammed: paperJammed,
    exit: printer.sensors().slip ?? null,
    exitJammed: printer.condition.exitJammed,
    autoRetractMs: printer.autoRetractMs,
    printing: printer.printing,
    held: printer.holds.held ?? null,
    holdAt: printer.holds.waitingFor ?? null,
    answers: printer.answers.mode,
    bufferedBytes: printer.bufferedBytes,
    bytesReceived: line.carried().in,
    bytesLost: printer.lostBytes,
    sinceLastSlip: {
      dots: printer.paper.dotsSinceCut,
      visibleDots: printer.paper.visibleDots,
      bytes: printer.bytesSinceSlip,
    },
    slips: printer.tray.slips.length,
    slipsAtExit: printer.tray.waiting,
  };
}

function commandsOf(printer: Printer, line: DeviceLine): Record<string, Command> {
  return {
    ...sensorCommands(printer),
    ...testCommands(printer),
    'take-paper': command('', nothingMore, () => printer.takePaper()),
    ...cableCommands(line),
    'power-cycle': command('', nothingMore, () => printer.powerCycle()),
  };
}

function sensorCommands(printer: Printer): Record<string, Command> {
  return {
    paper: command(
      '{"state":"full|low|out"}',
      z.strictObject({ state: z.enum(['full', 'low', 'out']) }),
      ({ state }) => printer.change({ paper: state }),
    ),
    cover: command('{"open":bool}', z.strictObject({ open: z.boolean() }), ({ open }) =>
      open ? printer.openCover() : printer.closeCover(),
    ),
    'cutter-jam': command(
      '{"when":"now|next-cut"}',
      z.strictObject({ when: z.enum(['now', 'next-cut']).default('now') }),
      ({ when }) => (when === 'now' ? printer.change({ cutterJammed: true }) : printer.jamCutterAtNextCut()),
    ),
    jam: command('', nothingMore, () => printer.change({ paperJammed: true })),
    'exit-jam': command('', nothingMore, () => printer.change({ exitJammed: true })),
    'presenter-fault': command('', nothingMore, () => printer.change({ presenterBroken: true })),
    'clear-jam': command('', nothingMore, () => printer.clearJams()),
  };
}

function testCommands(printer: Printer): Record<string, Command> {
  return {
    'stop-after-dots': command(
      '{"n":dots,"reason":"stand-still|paper-out|cover-open|jam|unplug|power-cycle"}',
      z.strictObject({
        n: z.int().positive(),
        reason: z
          .enum(['stand-still', 'paper-out', 'cover-open', 'jam', 'unplug', 'power-cycle'])
          .default('stand-still'),
      }),
      (stop) => printer.holds.stopAfter(stop.n, stop.reason),
    ),
    'hold-at': command(
      '{"what":"body|fence|footer|cut" or dots}',
      z.strictObject({
        what: z.union([z.enum(['body', 'fence', 'footer', 'cut']), z.int().positive()]),
      }),
      ({ what }) => printer.holds.holdAt(what),
    ),
    release: command('', nothingMore, () => printer.release()),
    answers: command(
      '{"mode":"normal|late|never|false|previous|early-echo","delayMs":ms,"only":"fences|status"}',
      z.strictObject({
        mode: z.enum(['normal', 'late', 'never', 'false', 'previous', 'early-echo']),
        delayMs: z.int().nonnegative().max(600_000).default(1000),
        only: z.enum(['fences', 'status']).optional(),
      }),
      ({ mode, delayMs, only }) => printer.answers.set(mode, delayMs, only),
    ),
  };
}
