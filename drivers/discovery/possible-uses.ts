import { commandReportId } from '../qr-scanner/commands/hid-commands.ts';
import { knownScanner } from '../qr-scanner/families/scanner-families.ts';
import type { KnownScanner } from '../qr-scanner/families/scanner-families.ts';
import { isKnownReader, printerProfileBy } from './known-devices.ts';
import type { PluggedDevice } from './plugged-devices.ts';
import type { DeviceTrouble, PossibleUse } from './recognition.ts';

const PRINTER_CLASS = 0x07;
/** 07/01/01: data in one direction. */
const ONE_WAY = 0x01;
const BAR_CODE_SCANNER_PAGE = 0x8c;
const GENERIC_DESKTOP_PAGE = 0x01;
const KEYBOARD = 0x06;
/** The udev rules put names here that say which device it is. */
const STABLE = '/dev/kiosk/';
const DEFAULT_BAUD_RATE = 115_200;
/** The table of scanners has the numbers of three makers of chips: those are on many a thing that is no scanner. */
const CHIP_MAKERS_SCANNERS = 'Grow';

/** What a thing can be, and what of it stands against that. */
export interface Uses {
  readonly uses: readonly PossibleUse[];
  readonly troubles: readonly DeviceTrouble[];
}

/**
 * What a plugged-in thing can be for a kiosk, by its classes, its HID usages, its numbers, its ports, in this order.
 * @param withSerialNumber it has to be told from another one with the same numbers
 */
export function usesOf(device: PluggedDevice, withSerialNumber: boolean): Uses {
  const unknown: Uses = { uses: [], troubles: [{ code: 'unknown' }] };
  if (isFurtherPort(device)) return serialUses(device) ?? unknown;
  return (
    printerUses(device, withSerialNumber) ??
    readerUses(device, withSerialNumber) ??
    scannerUses(device, withSerialNumber) ??
    keyboardUses(device) ??
    serialUses(device) ??
    unknown
  );
}

/** It has the numbers of its unit, and is nothing but a port of it. */
export function isFurtherPort({ unit }: PluggedDevice): boolean {
  return unit !== undefined && unit.port > 0;
}

function numbersOf({ vendorId = 0, productId = 0, serialNumber }: PluggedDevice, withSerialNumber: boolean) {
  return {
    vendorId: hex(vendorId),
    productId: hex(productId),
    ...(withSerialNumber && serialNumber !== undefined ? { serialNumber } : {}),
  };
}

function hex(id: number): string {
  return id.toString(16).padStart(4, '0');
}

function printerUses(device: PluggedDevice, withSerialNumber: boolean): Uses | undefined {
  const printing = device.interfaces.filter((one) => one.class === PRINTER_CLASS);
  if (printing.length === 0) return undefined;
  if (printing.every(({ bothWays, protocol }) => !bothWays || protocol === ONE_WAY))
    return { uses: [], troubles: [{ code: 'one-way-printer' }] };
  const profile = printerProfileBy(device.vendorId ?? 0);
  const more = profile === undefined ? {} : { profile };
  const use = { kind: 'receiptPrinter', certain: true } as const;
  const port = stableName(device.printerPorts);
  return {
    uses: [
      {
        ...use,
        transport: 'usb',
        settings: { transport: 'usb', ...numbersOf(device, withSerialNumber), ...more },
      },
      ...(port === undefined
        ? []
        : [{ ...use, transport: 'usblp' as const, settings: { transport: 'usblp', path: port, ...more } }]),
    ],
    troubles: [],
  };
}

function readerUses(device: PluggedDevice, withSerialNumber: boolean): Uses | undefined {
  const { vendorId = 0, productId = 0 } = device;
  if (!isKnownReader(vendorId, productId)) return undefined;
  const settings = { transport: 'usb', ...numbersOf(device, withSerialNumber) };
  return { uses: [{ kind: 'idCardReader', transport: 'usb', certain: true, settings }], troubles: [] };
}

function scannerUses(device: PluggedDevice, withSerialNumber: boolean): Uses | undefined {
  if (!device.usages.some(({ page }) => page === BAR_CODE_SCANNER_PAGE)) return undefined;
  const { family, layout } = scannerKnownBy(device);
  // Commands of some families are not carried by reports; such a scanner is listened to.
  const spoken = family !== 'passive' && commandReportId(layout, family) !== undefined ? family : 'passive';
  const settings = { transport: 'hid', ...numbersOf(device, withSerialNumber), family: spoken, layout };
  return { uses: [{ kind: 'qrScanner', transport: 'hid', certain: true, settings }], troubles: [] };
}

function scannerKnownBy({ vendorId = 0, productId = 0 }: PluggedDevice): KnownScanner {
  return knownScanner(vendorId, productId);
}

/** Scanners are all that these makers make, or these very numbers are those of a scanner. */
function isScannerForSure({ maker, interface: kind }: KnownScanner): boolean {
  return kind !== undefined || (maker !== '' && maker !== CHIP_MAKERS_SCANNERS);
}

function keyboardUses(device: PluggedDevice): Uses | undefined {
  const isKeyboard = device.usages.some(
    ({ page, usage }) => page === GENERIC_DESKTOP_PAGE && usage === KEYBOARD,
  );
  if (!isKeyboard || device.serialPorts.length > 0) return undefined;
  const known = scannerKnownBy(device);
  const { switchOver } = known;
  return { uses: [], troubles: [{ code: 'keyboard-wedge', switchOver, certain: isScannerForSure(known) }] };
}

function serialUses(device: PluggedDevice): Uses | undefined {
  const path = stableName(device.serialPorts);
  if (path === undefined) return undefined;
  const unstable: readonly DeviceTrouble[] =
    device.bus === 'usb' && !path.startsWith(STABLE) ? [{ code: 'unstable-name' }] : [];
  const line = { transport: 'serial', path };
  const known = scannerKnownBy(device);
  const { family, framing } = known;
  const scanner = { ...line, baudRate: DEFAULT_BAUD_RATE, family, framing };
  if (isScannerForSure(known)) return { uses: [serialUse('qrScanner', true, scanner)], troubles: unstable };
  return {
    uses: [
      serialUse('idCardReader', false, { ...line, baudRate: 'auto' }),
      serialUse('qrScanner', false, scanner),
      serialUse('receiptPrinter', false, { ...line, baudRate: DEFAULT_BAUD_RATE }),
    ],
    troubles: [{ code: 'ask-which' }, ...unstable],
  };
}

function serialUse(
  kind: PossibleUse['kind'],
  certain: boolean,
  settings: PossibleUse['settings'],
): PossibleUse {
  return { kind, transport: 'serial', certain, settings };
}

/** A name that stays the same wherever it is plugged in, if there is one. */
function stableName(names: readonly string[]): string | undefined {
  return names.find((name) => name.startsWith(STABLE)) ?? names[0];
}
