import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

/** What udev would do with a port. */
interface Verdict {
  /** Names below /dev/kiosk. */
  readonly names: readonly string[];
  readonly forGroup: boolean;
  /** ModemManager keeps away. */
  readonly ignored: boolean;
}

const RULES = path.resolve(import.meta.dirname, '../packaging/udev/70-suishen-kiosk.rules');
const GROUP = 6060;

/**
 * In a mount namespace of its own: these rules beside the distribution's, a /sys that was made up, a group. `udevadm test` is the
 * real thing and changes nothing.
 */
const ASK_UDEV = `
mount -t tmpfs none /run
mkdir -p /run/udev/rules.d
cp "$1" /run/udev/rules.d/
mount --bind "$2/group" /etc/group
mount --bind "$2/sys" /sys
SYSTEMD_DEVICE_VERIFY_SYSFS=0 SYSTEMD_LOG_LEVEL=debug exec udevadm test --action=add "/sys/$3" 2>&1
`;

/** One directory of /sys. `uevent`: its lines; `links`: where its subsystem is. */
function node(sys: string, at: string, subsystem: string, uevent: string, attributes: object = {}): void {
  const directory = path.join(sys, at);
  mkdirSync(directory, { recursive: true });
  const subsystemAt = path.join(sys, subsystem);
  mkdirSync(subsystemAt, { recursive: true });
  symlinkSync(path.relative(directory, subsystemAt), path.join(directory, 'subsystem'));
  writeFileSync(path.join(directory, 'uevent'), uevent);
  for (const [name, value] of Object.entries(attributes))
    writeFileSync(path.join(directory, name), `${value}\n`);
}

function askUdev(build: (sys: string) => string): Verdict {
  const directory = mkdtempSync(path.join(tmpdir(), 'udev-'));
  const sys = path.join(directory, 'sys');
  writeFileSync(path.join(directory, 'group'), `root:x:0:\nsuishen-kiosk:x:${GROUP}:\n`);
  const asked = build(sys);
  const said = execFileSync('unshare', ['-m', 'sh', '-ec', ASK_UDEV, 'sh', RULES, directory, asked], {
    encoding: 'utf8',
  });
  const links = /^DEVLINKS=(.*)$/m.exec(said)?.[1] ?? '';
  return {
    names: links.split(' ').filter((name) => name.startsWith('/dev/kiosk/')),
    // The last one counts: the distribution's own rules come before these.
    forGroup: said.match(/GROUP (\d+)/g)?.at(-1) === `GROUP ${GROUP}`,
    ignored: /^ID_MM_DEVICE_IGNORE=1$/m.test(said),
  };
}

interface Port {
  readonly interface?: string;
  /** On one interface, among several. */
  readonly number?: number;
}

/** A port of a USB device: a converter's, or one of the CDC class. */
function usbPort(kind: 'converter' | 'cdc', serial: string, port: Port = {}): Verdict {
  return askUdev((sys) => {
    const unit = 'devices/pci0000:00/usb1/1-4';
    node(sys, unit, 'bus/usb', 'DEVTYPE=usb_device\nBUSNUM=001\nDEVNUM=005\n', {
      idVendor: '0403',
      idProduct: '6010',
      ...(serial === '' ? {} : { serial }),
    });
    const number = port.interface ?? '00';
    const at = `${unit}/1-4:1.${Number(number)}`;
    node(sys, at, 'bus/usb', 'DEVTYPE=usb_interface\n', { bInterfaceNumber: number, bInterfaceClass: 'ff' });
    if (kind === 'cdc') {
      node(sys, `${at}/tty/ttyACM0`, 'class/tty', 'MAJOR=166\nMINOR=0\nDEVNAME=ttyACM0\n');
      return `${at}/tty/ttyACM0`;
    }
    node(sys, `${at}/ttyUSB0`, 'bus/usb-serial', 'DRIVER=ftdi_sio\n', { port_number: port.number ?? 0 });
    node(sys, `${at}/ttyUSB0/tty/ttyUSB0`, 'class/tty', 'MAJOR=188\nMINOR=0\nDEVNAME=ttyUSB0\n');
    return `${at}/ttyUSB0/tty/ttyUSB0`;
  });
}

/** A port of the machine itself. */
function ownPort(name: string): Verdict {
  return askUdev((sys) => {
    const at = `devices/platform/serial/tty/${name}`;
    node(sys, at, 'class/tty', `MAJOR=4\nMINOR=64\nDEVNAME=${name}\n`);
    return at;
  });
}

/** Mounting is for root, and not in every container. */
const possible = existsSync('/usr/bin/udevadm') && spawnSync('unshare', ['-m', 'true']).status === 0;

describe.skipIf(!possible)('the shipped udev rules', () => {
  test.each<[string, 'converter' | 'cdc', string, Port, string]>([
    ['a converter', 'converter', 'FT0001', {}, 'serial-0403-6010-FT0001'],
    ['one without a serial number', 'converter', '', {}, 'serial-0403-6010'],
    ['its second interface', 'converter', 'FT0001', { interface: '01' }, 'serial-0403-6010-FT0001-if01'],
    ['that without a serial number', 'converter', '', { interface: '01' }, 'serial-0403-6010-if01'],
    ['the third port of one interface', 'converter', '', { number: 2 }, 'serial-0403-6010-port2'],
    ['the second port of a dual CDC device', 'cdc', 'A1', { interface: '02' }, 'serial-0403-6010-A1-if02'],
    ['its first port', 'cdc', 'A1', {}, 'serial-0403-6010-A1'],
  ])('give %s one name of its own', (_name, kind, serial, port, name) => {
    expect(usbPort(kind, serial, port)).toEqual({
      names: [`/dev/kiosk/${name}`],
      forGroup: true,
      ignored: true,
    });
  });

  test.each(['ttyS0', 'ttyS12', 'ttyAMA0', 'ttymxc3'])('give %s to the group, under its own name', (name) => {
    expect(ownPort(name)).toEqual({ names: [], forGroup: true, ignored: true });
  });

  test.each(['tty0', 'ttyprintk', 'ttySAC'])('leave %s alone', (name) => {
    expect(ownPort(name)).toEqual({ names: [], forGroup: false, ignored: false });
  });
});
