import { devicesAsync, HIDAsync, type Device } from 'node-hid';
import type { DeviceIdentity } from '../../src/devices/device-findings.ts';
import type { DeviceFault } from '../../src/devices/status.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { withTimeLimit } from '../../src/platform/clock.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import { linkFaults } from './link-faults.ts';
import { createLinkLifetime } from './link-lifetime.ts';
import type { ReportLink, ReportTransport } from './report-link.ts';
import { toldIdentity } from './told-identity.ts';
import { describeAddress, type UsbAddress } from './usb-device.ts';

export interface HidLine {
  readonly address: UsbAddress;
  readonly clock: Clock;
}

const OPEN_LIMIT_MS = 5_000;
const CLOSE_LIMIT_MS = 2_000;
/** Usage tables of USB HID: bar code scanners (HID POS 1.02), and generic desktop keyboards. */
const BAR_CODE_SCANNER_PAGE = 0x8c;
const GENERIC_DESKTOP_PAGE = 0x01;
const KEYBOARD = 0x06;

/**
 * A bar code scanner of the HID POS class by its numbers. A scanner that only offers a keyboard is refused
 * (`link.keyboard-wedge`): what it reads would be typed into whatever has the focus.
 */
export function hidTransport({ address, clock }: HidLine): ReportTransport {
  return {
    description: `hid ${describeAddress(address)}`,
    async open(signal) {
      if (signal.aborted) return err(linkFaults.closed);
      const found = await findScanner(address);
      if (!found.ok) return found;
      const opening = openPath(found.value.path ?? '');
      const opened = await withTimeLimit(clock, OPEN_LIMIT_MS, opening);
      if (opened === 'timed-out') {
        void opening.then((late) => (late.ok ? late.value.close() : undefined));
        return err(linkFaults.timedOut);
      }
      if (!opened.ok) return opened;
      const link = hidLink(opened.value, identityOf(found.value), clock);
      if (!signal.aborted) return ok(link);
      await link.close();
      return err(linkFaults.closed);
    },
  };
}

async function findScanner({
  vendorId,
  productId,
  serialNumber,
}: UsbAddress): Promise<Result<Device, DeviceFault>> {
  const listed = await devicesAsync(vendorId, productId).catch(() => []);
  const interfaces = listed.filter((one) => serialNumber === undefined || one.serialNumber === serialNumber);
  const scanners = interfaces.filter(({ usagePage }) => usagePage === BAR_CODE_SCANNER_PAGE);
  const [scanner, second] = scanners;
  if (scanner !== undefined)
    return second !== undefined && second.path !== scanner.path ? err(linkFaults.ambiguous) : ok(scanner);
  if (interfaces.some(isKeyboard)) return err(linkFaults.keyboardWedge);
  return err(interfaces.length === 0 ? linkFaults.portMissing : linkFaults.unfit);
}

function isKeyboard({ usagePage, usage }: Device): boolean {
  return usagePage === GENERIC_DESKTOP_PAGE && usage === KEYBOARD;
}

async function openPath(path: string): Promise<Result<HIDAsync, DeviceFault>> {
  try {
    return ok(await HIDAsync.open(path));
  } catch (error) {
    // hidapi says no more than that it could not; right after a plug it is udev that has not set the owner yet.
    const denied = /denied|permission|errno 13/i.test(String(error));
    return err(denied ? linkFaults.portDenied : linkFaults.portMissing);
  }
}

function identityOf({ manufacturer, product, serialNumber }: Device): DeviceIdentity {
  return toldIdentity({ maker: manufacturer, model: product, serialNumber });
}

function hidLink(device: HIDAsync, identity: DeviceIdentity, clock: Clock): ReportLink {
  const lifetime = createLinkLifetime();
  let closing: Promise<void> | undefined;
  const closeDevice = () => {
    closing ??= closeQuietly(device);
    return closing;
  };
  // Exactly one listener for the life of the device: with none the library stops reading, and the next report is lost.
  device.on('data', (report: Buffer) => {
    lifetime.deliver(report);
  });
  device.on('error', () => {
    lifetime.end({ kind: 'lost', fault: linkFaults.lost });
    void closeDevice();
  });
  return {
    identity,
    ended: lifetime.ended,
    onReport: (listener) => lifetime.onData(listener),
    write: (report) => lifetime.unlessEnded(writeReport(device, report)),
    async close() {
      lifetime.end({ kind: 'closed' });
      await withTimeLimit(clock, CLOSE_LIMIT_MS, closeDevice());
    },
  };
}

async function writeReport(device: HIDAsync, report: Uint8Array): Promise<Result<void, DeviceFault>> {
  try {
    await device.write(Buffer.from(report));
    return ok(undefined);
  } catch {
    return err(linkFaults.lost);
  }
}

async function closeQuietly(device: HIDAsync): Promise<void> {
  await device.close().catch(() => undefined);
}
