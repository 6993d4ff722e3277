import type { PluggedDevice } from './plugged-devices.ts';
import { isFurtherPort, usesOf } from './possible-uses.ts';
import type {
  ConfiguredDevice,
  ConfiguredFinding,
  DeviceTrouble,
  PossibleUse,
  RecognisedDevice,
  Recognition,
} from './recognition.ts';

/**
 * Says of everything that is plugged in what it can be for a kiosk and why it cannot be used, and of everything that is configured
 * whether it is there. Pure: the rules of `kioskctl devices`.
 */
export function recognise(
  plugged: readonly PluggedDevice[],
  configured: readonly ConfiguredDevice[],
): Recognition {
  const findings = configured.map((device) => findingOf(device, plugged));
  return {
    configured: findings,
    devices: plugged.map((device, index) => recognised(device, index, plugged, findings)),
  };
}

function recognised(
  device: PluggedDevice,
  index: number,
  plugged: readonly PluggedDevice[],
  findings: readonly ConfiguredFinding[],
): RecognisedDevice {
  const others = plugged.filter(
    (other) => other !== device && hasSameNumbers(other, device) && !isSameUnit(other, device),
  );
  const alike = others.some(({ serialNumber }) => (serialNumber ?? '') === (device.serialNumber ?? ''));
  const { uses, troubles } = usesOf(device, others.length > 0 && !alike);
  const configuredAs = findings.find((finding) => finding.device === index)?.kind;
  const forbidden = forbiddenNodes(device, uses);
  const more: DeviceTrouble[] = [];
  if (alike && uses.length > 0) more.push({ code: 'alike' });
  if (forbidden.length > 0) more.push({ code: 'no-permission', nodes: forbidden });
  if (configuredAs !== undefined && isAnother(uses, configuredAs))
    more.push({ code: 'other-kind', configuredAs });
  // What is configured needs no question any more.
  const kept = troubles.filter(({ code }) => code !== 'ask-which' || configuredAs === undefined);
  return {
    plugged: device,
    uses,
    ...(configuredAs === undefined ? {} : { configuredAs }),
    troubles: [...more, ...kept],
  };
}

function hasSameNumbers(one: PluggedDevice, other: PluggedDevice): boolean {
  return one.vendorId !== undefined && one.vendorId === other.vendorId && one.productId === other.productId;
}

function isSameUnit(one: PluggedDevice, other: PluggedDevice): boolean {
  return one.unit !== undefined && one.unit.place === other.unit?.place;
}

function isAnother(uses: readonly PossibleUse[], configuredAs: PossibleUse['kind']): boolean {
  return uses.some(({ certain }) => certain) && !uses.some(({ kind }) => kind === configuredAs);
}

/** Of the nodes that may not be opened those by which it would be used. */
function forbiddenNodes(device: PluggedDevice, uses: readonly PossibleUse[]): readonly string[] {
  const transports = new Set(uses.map(({ transport }) => transport));
  return device.forbidden.filter((node) => {
    if (node.startsWith('/dev/bus/usb/')) return transports.has('usb');
    if (device.serialPorts.includes(node)) return transports.has('serial');
    if (device.printerPorts.includes(node)) return transports.has('usblp');
    return transports.has('hid');
  });
}

function findingOf(configured: ConfiguredDevice, plugged: readonly PluggedDevice[]): ConfiguredFinding {
  const { place } = configured;
  const fitting = plugged.flatMap((device, index) => (isAt(device, configured) ? [index] : []));
  const [device, second] = fitting;
  if (device !== undefined && second === undefined) return { ...configured, found: 'plugged-in', device };
  if (device !== undefined) return { ...configured, found: 'alike' };
  const isThere = place.transport === 'tcp' || ('path' in place && place.node !== undefined);
  return { ...configured, found: isThere ? 'elsewhere' : 'missing' };
}

function isAt(device: PluggedDevice, { place }: ConfiguredDevice): boolean {
  switch (place.transport) {
    case 'tcp':
      return false;
    case 'serial':
    case 'usblp': {
      const ports = place.transport === 'serial' ? device.serialPorts : device.printerPorts;
      return ports.includes(place.path) || (place.node !== undefined && ports.includes(place.node));
    }
    case 'usb':
    case 'hid':
      return (
        !isFurtherPort(device) &&
        device.vendorId === place.vendorId &&
        device.productId === place.productId &&
        (place.serialNumber === undefined || device.serialNumber === place.serialNumber)
      );
  }
}
