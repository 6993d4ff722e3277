import type { PluggedDevice } from '../../../drivers/discovery/plugged-devices.ts';
import { recognise } from '../../../drivers/discovery/recognise.ts';
import { toldTexts } from '../../../drivers/discovery/told-texts.ts';
import type { ConfiguredDevice, Recognition } from '../../../drivers/discovery/recognition.ts';
import { judgeSurvey } from '../../../src/cli/survey-judgement.ts';
import { parseConfiguration } from '../../../src/configuration/load-configuration.ts';
import { technicianTexts } from '../../../src/copy/technician-languages.ts';
import { configurationLines } from '../../../src/maintenance/configuration-lines.ts';
import { whole } from '../fuzz-target.ts';
import { ByteReading } from './byte-reading.ts';
import { GOOD_CONFIGURATION } from './configuration.ts';
import { hasControl, hex } from './wire-bytes.ts';

/** Makers' numbers that mean something (device-protocols 1.9, 2.1, 3.7), and those of converters. */
const NUMBERS: readonly [[number, number], ...[number, number][]] = [
  [0x0400, 0xc35a],
  [0x1eab, 0x0003],
  [0x0c2e, 0x0b61],
  [0x1a86, 0x7523],
  [0x04b8, 0x0e15],
  [0x0519, 0x0001],
];

function pluggedIn(reading: ByteReading): PluggedDevice {
  const bus = reading.pick<PluggedDevice['bus']>(['usb', 'usb', 'hid', 'serial']);
  const [vendorId, productId] = reading.pick([...NUMBERS, undefined]) ?? [reading.word(), reading.word()];
  const said = reading.byte();
  const node = reading.byte() % 4;
  const kiosk = [[], ['/dev/kiosk/serial-1']] as const;
  return {
    bus,
    ...(bus === 'serial' ? {} : { vendorId, productId }),
    ...toldTexts({
      serialNumber: (said & 1) === 0 ? undefined : reading.text(3),
      maker: (said & 2) === 0 ? null : reading.text(6),
      product: (said & 4) === 0 ? '' : reading.text(6),
    }),
    interfaces: reading.list(2, () => ({
      class: reading.pick([7, 0xff, 3]),
      subclass: 1,
      protocol: reading.byte() % 4,
      bothWays: reading.pick([true, false]),
    })),
    usages: reading.list(2, () => ({ page: reading.pick([0x8c, 1]), usage: reading.pick([2, 6]) })),
    serialPorts: reading.pick([[], [`/dev/ttyACM${node}`, ...(kiosk[node % 2] ?? [])]]),
    printerPorts: reading.pick([[], [`/dev/usb/lp${node}`]]),
    forbidden: reading.pick([[], ['/dev/bus/usb/001/004'], [`/dev/ttyACM${node}`], ['/dev/hidraw0']]),
  };
}

function configuredIn(reading: ByteReading): ConfiguredDevice {
  const [vendorId, productId] = reading.pick(NUMBERS);
  return {
    kind: reading.pick(['idCardReader', 'qrScanner', 'receiptPrinter']),
    place: reading.pick<ConfiguredDevice['place']>([
      { transport: 'serial', path: '/dev/kiosk/serial-1', node: '/dev/ttyACM1' },
      { transport: 'usblp', path: '/dev/usb/lp2' },
      { transport: 'usb', vendorId, productId },
      { transport: 'hid', vendorId, productId, serialNumber: 'A' },
      { transport: 'tcp', host: '192.0.2.10', port: 9100 },
    ]),
  };
}

interface Surveyed {
  readonly plugged: readonly PluggedDevice[];
  readonly configured: readonly ConfiguredDevice[];
  readonly found: Recognition;
}

function surveyed(input: Uint8Array): Surveyed {
  const reading = new ByteReading(input);
  const plugged = reading.list(4, () => pluggedIn(reading));
  const configured = reading.list(3, () => configuredIn(reading));
  return { plugged, configured, found: recognise(plugged, configured) };
}

/** What is plugged in, and what of it is configured, as a technician reads of it. */
export const deviceSurvey = whole<Surveyed>({
  name: 'device-survey',
  maxBytes: 120,
  decode: surveyed,
  check: (_input, survey) =>
    ruleOfOrder(survey) ?? ruleOfFindings(survey) ?? ruleOfSections(survey) ?? ruleOfText(survey),
  bucket: ({ found: { devices, configured } }) =>
    [
      ...devices.map(({ uses, troubles }) => [
        ...uses.map(({ kind }) => kind),
        ...troubles.map(({ code }) => code),
      ]),
      ...configured.map(({ found }) => found),
    ].join(),
  // One device with numbers and a name; a printer; a wedge.
  tokens: [
    hex('01 00 00 07 00 01 41 00'),
    hex('00 04 00 00 01 00 02 00'),
    hex('00 01 00 00 00 00 00 00 01 01 01'),
  ],
});

/** It does not matter in which order things are listed. */
function ruleOfOrder({ plugged, configured, found }: Surveyed): string | undefined {
  const turned = recognise(plugged.toReversed(), configured);
  const same =
    JSON.stringify(turned.devices.toReversed()) === JSON.stringify(found.devices) &&
    turned.configured.every(({ found: how }, at) => how === found.configured[at]?.found);
  return same ? undefined : 'another order, other devices';
}

function ruleOfFindings({ plugged, configured, found }: Surveyed): string | undefined {
  if (found.devices.length !== plugged.length || found.configured.length !== configured.length)
    return 'something that is not spoken of';
  for (const { found: how, device } of found.configured) {
    if ((how === 'plugged-in') !== (device !== undefined)) return 'found, and nobody knows where';
    if (device !== undefined && found.devices[device]?.configuredAs === undefined)
      return 'a configured device that does not know of it';
  }
  return found.devices.some(({ uses, troubles }) => uses.length + troubles.length === 0)
    ? 'a device of which nothing is said'
    : undefined;
}

/** What is offered to be pasted is accepted by the agent. */
function ruleOfSections({ found }: Surveyed): string | undefined {
  for (const { kind, settings } of found.devices.flatMap(({ uses }) => uses)) {
    const section = configurationLines(kind, settings).join('\n');
    const others = GOOD_CONFIGURATION.replace(new RegExp(`\\[${kind}\\][^[]*`), `${section}\n`);
    const read = parseConfiguration(others, '/etc/kiosk');
    if (!read.ok) return `a section that is refused for its ${read.error.map(({ key }) => key).join()}`;
  }
  return undefined;
}

const LANGUAGES = [technicianTexts('zh-CN'), technicianTexts('en')];

/** What a device calls itself reaches a technician's terminal: it may not command it. */
function ruleOfText({ found }: Surveyed): string | undefined {
  for (const texts of LANGUAGES) {
    const { configured, plugged, others } = judgeSurvey({ user: 'kiosk', ...found }, texts);
    const lines = [
      ...configured.map(({ text }) => text),
      ...others,
      ...plugged.flatMap(({ title, nodes, facts, troubles, paste }) => [
        title,
        nodes,
        ...facts,
        ...troubles.flatMap(({ what, remedy }) => [what, remedy]),
        ...(paste?.sections.flat() ?? []),
      ]),
    ];
    if (lines.some(hasControl)) return 'a control character on the terminal';
    if (lines.some((line) => !line.isWellFormed())) return 'half a character on the terminal';
  }
  return undefined;
}
