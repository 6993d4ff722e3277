import type { DeviceIdentity } from '../../src/devices/device-findings.ts';

/** What makers call the parts of an identity in the text their scanners give, lower case. */
const MODEL = /^(product name|product model|product|model)$/;
const FIRMWARE = /^(software revision|firmware version|software version|firmware|version)$/;
const SERIAL = /^(serial number|serial no\.?|product serial number|sn)$/;

const LONGEST_VALUE = 64;

/**
 * Reads the lines `name: value` of Honeywell's REVINF and Newland's QRYSYS. A text that has no such lines is taken as the
 * firmware's name. Whatever the scanner sends, values are short and printable.
 */
export function readIdentityText(data: Uint8Array): DeviceIdentity {
  const identity: { model?: string; firmware?: string; serialNumber?: string } = {};
  const lines = Buffer.from(data)
    .toString('latin1')
    .split(/[\r\n]+/);
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = clean(line.slice(colon + 1));
    if (value === '') continue;
    if (MODEL.test(name)) identity.model ??= value;
    else if (FIRMWARE.test(name)) identity.firmware ??= value;
    else if (SERIAL.test(name)) identity.serialNumber ??= value;
  }
  if (Object.keys(identity).length > 0) return identity;
  const whole = clean(lines.join(' '));
  return whole === '' ? {} : { firmware: whole };
}

function clean(text: string): string {
  return text
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, LONGEST_VALUE);
}
