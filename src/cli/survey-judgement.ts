import type { KioskctlText, TechnicianText } from '../copy/technician-text.ts';
import type {
  ConfiguredFinding,
  DeviceSurvey,
  DeviceTrouble,
  PossibleUse,
  RecognisedDevice,
} from '../maintenance/device-survey.ts';
import { configurationLines } from '../maintenance/configuration-lines.ts';
import type { Texts } from './diagnosis.ts';
import type { Mark } from './terminal.ts';

/** One configured device: whether it is there. */
export interface ConfiguredRow {
  readonly mark: Mark;
  readonly device: string;
  readonly text: string;
}

/** One plugged-in thing as a technician reads of it. */
export interface PluggedEntry {
  readonly mark: Mark;
  /** Name, numbers, serial number. */
  readonly title: string;
  /** Nodes and stable names. */
  readonly nodes: string;
  /** What it is, or can be. */
  readonly facts: readonly string[];
  readonly troubles: readonly { readonly what: string; readonly remedy: string }[];
  /** Sections to be pasted, and the sentence before them. */
  readonly paste:
    | { readonly sentence: string; readonly sections: readonly (readonly string[])[] }
    | undefined;
}

/** A survey, judged. */
export interface SurveyJudgement {
  readonly configured: readonly ConfiguredRow[];
  readonly plugged: readonly PluggedEntry[];
  /** Names of what a kiosk has no use for. */
  readonly others: readonly string[];
  /** How many things need attention. */
  readonly count: number;
}

/** These are wrong whatever the device is used for; the others are facts to be known. */
const WRONG: readonly DeviceTrouble['code'][] = ['no-permission', 'alike', 'one-way-printer', 'other-kind'];

/** Of no interest where a thing is neither configured nor wanted for anything. */
const IDLE_MATTERS_NOT: readonly DeviceTrouble['code'][] = ['no-permission', 'ask-which'];

/** Says of each thing how it is and what to do. Pure. */
export function judgeSurvey(survey: DeviceSurvey, texts: Texts): SurveyJudgement {
  const ofUse = survey.devices.filter((device) => !isOfNoUse(device));
  const configured = survey.configured.map((finding) => configuredRow(finding, texts));
  const settled = survey.configured
    .filter(({ found }) => found === 'plugged-in' || found === 'elsewhere')
    .map(({ kind }) => kind);
  const plugged = ofUse.map((device) => pluggedEntry(device, settled, texts));
  return {
    configured,
    plugged,
    others: survey.devices.filter(isOfNoUse).map((device) => titleOf(device, texts.kioskctl)),
    count: [...configured, ...plugged].filter(({ mark }) => mark === 'bad').length,
  };
}

function isOfNoUse({ troubles }: RecognisedDevice): boolean {
  return troubles.some(({ code }) => code === 'unknown');
}

function configuredRow({ kind, place, found }: ConfiguredFinding, { technician }: Texts): ConfiguredRow {
  const mark = { 'plugged-in': 'well', elsewhere: 'well', missing: 'bad', alike: 'bad' } as const;
  return {
    mark: mark[found],
    device: technician.devices[kind],
    text: `${technician.survey.configured[found]} · ${placeText(place)}`,
  };
}

function placeText(place: ConfiguredFinding['place']): string {
  switch (place.transport) {
    case 'tcp':
      return `tcp ${place.host}:${place.port}`;
    case 'serial':
    case 'usblp':
      return `${place.transport} ${place.path}`;
    case 'usb':
    case 'hid':
      return [place.transport, numbersText(place), place.serialNumber ?? '']
        .filter((word) => word !== '')
        .join(' ');
  }
}

function numbersText({
  vendorId,
  productId,
}: {
  readonly vendorId: number;
  readonly productId: number;
}): string {
  return [vendorId, productId].map((id) => id.toString(16).padStart(4, '0')).join(':');
}

/** @param settled devices that the configuration has found already: nobody asks whether something serial is one of them */
function pluggedEntry(
  device: RecognisedDevice,
  settled: readonly PossibleUse['kind'][],
  texts: Texts,
): PluggedEntry {
  const { plugged, uses, configuredAs, troubles } = device;
  const title = titleOf(device, texts.kioskctl);
  const nodes = [...plugged.serialPorts, ...plugged.printerPorts].filter((node) => node !== title);
  const offered = uses.filter(({ certain, kind }) => certain || !settled.includes(kind));
  // A port that nobody needs, such as the machine's own, may be forbidden, and may be anything.
  const idle = configuredAs === undefined && offered.length === 0;
  const relevant = idle ? troubles.filter(({ code }) => !IDLE_MATTERS_NOT.includes(code)) : troubles;
  return {
    mark: markOf(configuredAs, relevant),
    title,
    nodes: nodes.join('  '),
    facts: factsOf(device, texts),
    troubles: relevant.map((trouble) => troubleText(trouble, texts.technician)),
    paste: configuredAs !== undefined || offered.length === 0 ? undefined : pasteOf(offered, texts.kioskctl),
  };
}

function markOf(configuredAs: RecognisedDevice['configuredAs'], troubles: readonly DeviceTrouble[]): Mark {
  const wrong = troubles.some(
    (trouble) => WRONG.includes(trouble.code) || (trouble.code === 'keyboard-wedge' && trouble.certain),
  );
  if (wrong) return 'bad';
  return configuredAs === undefined ? 'plain' : 'well';
}

function titleOf({ plugged }: RecognisedDevice, { devices }: KioskctlText): string {
  const { maker, product, vendorId, productId, serialNumber, serialPorts } = plugged;
  const name = [maker, product].filter((word) => word !== undefined).join(' ');
  const numbers =
    vendorId === undefined || productId === undefined ? '' : numbersText({ vendorId, productId });
  const fallback = numbers === '' ? (serialPorts[0] ?? devices.unnamed) : devices.unnamed;
  return [
    name === '' ? fallback : name,
    numbers,
    serialNumber === undefined ? '' : devices.serialNumber(serialNumber),
  ]
    .filter((word) => word !== '')
    .join('  ');
}

/** What it is configured as; otherwise what it can be for sure. What only a person can tell is not listed here. */
function factsOf(
  { uses, configuredAs }: RecognisedDevice,
  { technician, kioskctl }: Texts,
): readonly string[] {
  if (configuredAs !== undefined)
    return [`${technician.devices[configuredAs]} · ${kioskctl.devices.asConfigured}`];
  return uses
    .filter(({ certain }) => certain)
    .map(({ kind, transport }) =>
      kioskctl.devices.canBe(technician.devices[kind], technician.survey.transports[transport]),
    );
}

function troubleText(
  trouble: DeviceTrouble,
  { survey, devices }: TechnicianText,
): { readonly what: string; readonly remedy: string } {
  switch (trouble.code) {
    case 'keyboard-wedge': {
      const { what, remedy } = survey.troubles[trouble.certain ? 'keyboard-wedge' : 'perhaps-keyboard-wedge'];
      return { what, remedy: remedy + survey.switchOver[trouble.switchOver] };
    }
    case 'no-permission': {
      const { what, remedy } = survey.troubles['no-permission'];
      return { what: `${what} ${trouble.nodes.join(' ')}`, remedy };
    }
    case 'other-kind': {
      const { what, remedy } = survey.troubles['other-kind'];
      return { what: `${what} (${devices[trouble.configuredAs]})`, remedy };
    }
    default:
      return survey.troubles[trouble.code];
  }
}

/** The first way of each kind of device: it is the one to be preferred. */
function pasteOf(uses: readonly PossibleUse[], { devices }: KioskctlText): PluggedEntry['paste'] {
  const first = uses.filter((use, index) => uses.findIndex(({ kind }) => kind === use.kind) === index);
  const sections = first.map(({ kind, settings }) => configurationLines(kind, settings));
  // Of several somebody has to choose, which the remedy has said.
  return { sentence: first.every(({ certain }) => certain) ? devices.paste : '', sections };
}
