import type { Clock } from '../../../src/platform/clock.ts';
import { CommandedUnit } from './commanded-unit.ts';
import type { Behaviour, ScannerLanguage } from './families/family.ts';
import { gm6x } from './families/gm6x.ts';
import { honeywell } from './families/honeywell.ts';
import { newland } from './families/newland.ts';
import { ssi } from './families/ssi.ts';
import { FieldOfView } from './field-of-view.ts';
import { Settings } from './settings.ts';
import type { WayOut } from './way-out.ts';

/** The languages a simulated scanner can speak; a `passive` one knows none. */
export const LANGUAGES = { newland, gm6x, ssi, honeywell } as const;
/** A family by its name in the kiosk's configuration. */
export type FamilyName = keyof typeof LANGUAGES | 'passive';

/** A scanner that takes no commands reads all the time. */
const PASSIVE: Behaviour = {
  mode: 'continuous',
  readTimeoutMs: 0,
  sameCodeMs: 0,
  setUpCodes: false,
  beeper: true,
  framing: 'suffix',
  aimPrefix: false,
};

/** A scanner and the cable it hangs on. */
export interface SimulatedScanner {
  readonly way: WayOut;
  readonly view: FieldOfView;
  readonly settings: Settings;
  /** Undefined: it takes no commands. */
  readonly unit: CommandedUnit | undefined;
  readonly hear: (bytes: Uint8Array) => void;
  /** Its power was gone. */
  readonly powerCycle: () => void;
  readonly state: () => unknown;
}

/** Puts a scanner of a family on its cable. */
export function scannerOn(way: WayOut, family: FamilyName, clock: Clock): SimulatedScanner {
  const language: ScannerLanguage | undefined = family === 'passive' ? undefined : LANGUAGES[family];
  const settings = new Settings(language?.factory ?? {});
  const behaviour = () => language?.behaviour(settings.inForce) ?? PASSIVE;
  const view = new FieldOfView(way, behaviour, clock);
  const unit = language && new CommandedUnit(language, { settings, view, way }, clock);
  return {
    way,
    view,
    settings,
    unit,
    hear: (bytes) => unit?.receive(bytes),
    powerCycle() {
      view.trigger(false);
      settings.powerCycle();
      view.look();
    },
    state: () => ({
      device: 'qr-scanner',
      family,
      pluggedIn: way.pluggedIn(),
      connected: way.connected(),
      codeInView: view.holding,
      triggered: view.triggered,
      lit: view.lit,
      sent: view.sent,
      lost: view.lost,
      beeps: view.beeps + (unit?.beeps ?? 0),
      hostBytes: way.carried().in,
      settings: Object.fromEntries(settings.inForce),
      stored: Object.fromEntries(settings.stored),
      commands: unit?.received ?? [],
      faults: unit?.faults.inForce ?? [],
    }),
  };
}
