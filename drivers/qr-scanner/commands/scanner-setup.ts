import type { DeviceIdentity } from '../../../src/devices/device-findings.ts';
import type { Cancel, Clock } from '../../../src/platform/clock.ts';
import type { CommandChannel, CommandOutcome } from './command-channel.ts';
import type { ScannerSetting } from './scanner-command.ts';
import { scannerFaults } from '../scanner-faults.ts';
import type { ScannerWarning } from '../scanner-faults.ts';
import type { ScannerFamily, TemporarySetting } from '../families/scanner-family.ts';

/** What became of one setting. */
export type SettingOutcome = 'applied' | 'refused' | 'unanswered' | 'notSupported';

/** Sets in a scanner what the kiosk needs, for as long as it has power, and sets it again when it was forgotten. */
export interface ScannerSetup {
  /** Makes all settings and asks who the scanner is; then looks now and then whether it still has them. */
  begin(): void;
  end(): void;
  /** As of the last time they were made. */
  outcomes(): ReadonlyMap<ScannerSetting, SettingOutcome>;
  /** What the scanner has told of itself. */
  identity(): DeviceIdentity;
  /** Reads a setting back: whether it is as we made it; undefined when that cannot be asked. `unanswered`: silence. */
  readBack(setting: TemporarySetting): Promise<boolean | undefined | 'unanswered'>;
}

export interface ScannerSetupOptions {
  readonly family: ScannerFamily;
  readonly channel: CommandChannel;
  readonly clock: Clock;
  /**
   * How often an idle scanner is asked whether it still has its settings, ms. One on a serial line may lose its power alone,
   * and then comes back as it is stored: reading all the time, beeping, open to set-up codes.
   */
  readonly keepIntervalMs: number;
  /** Somebody is scanning: no time for questions. */
  readonly busy: () => boolean;
  readonly onWarning: (warning: ScannerWarning) => void;
}

/** A scanner that says nothing may just be starting, which takes up to 3 s: it is asked again after this, then ever later, ms. */
const FIRST_RETRY_MS = 2000;

/** Makes the set-up of one connection. Nothing it does is stored by the scanner. */
export function createScannerSetup(options: ScannerSetupOptions): ScannerSetup {
  const { family, channel, clock, keepIntervalMs } = options;
  const outcomes = new Map<ScannerSetting, SettingOutcome>();
  let told: DeviceIdentity = {};
  let answers = true;
  let silentRounds = 0;
  let over = false;
  let cancelNext: Cancel = () => undefined;

  const warnOf = () => {
    const made = [...outcomes.values()];
    if (!answers) options.onWarning(scannerFaults.noAnswer.code);
    if (made.includes('refused')) options.onWarning(scannerFaults.settingRefused.code);
  };
  const apply = async () => {
    for (const setting of family.notSupported) outcomes.set(setting, 'notSupported');
    for (const { setting } of family.settings) outcomes.set(setting, 'unanswered');
    for (const { setting, apply: command } of family.settings) {
      // One that was silent before is asked once: others may wait for the line.
      const outcome = await channel.give(command, { tries: answers ? 3 : 1 });
      if (outcome.kind === 'ended') return;
      answers = outcome.kind !== 'no-answer';
      if (!answers) break;
      outcomes.set(setting, outcome.kind === 'refused' ? 'refused' : 'applied');
    }
    if (answers) await identify();
    warnOf();
  };
  const identify = async () => {
    if (Object.keys(told).length > 0) return;
    for (const { command, read } of family.identity) {
      const outcome = await channel.give(command, { tries: 2 });
      if (outcome.kind === 'accepted') told = { ...told, ...read(outcome.data) };
    }
  };
  const keep = async () => {
    if (!options.busy() && !(await stillHolds()) && !over) await apply();
    planNext();
  };
  /** Whether what we set is still there. Not to be asked, it is not known to be gone. */
  const stillHolds = async (): Promise<boolean> => {
    const [first] = family.settings;
    if (!answers) return false;
    if (outcomes.get(first.setting) !== 'applied') return true;
    const held = await readBack(first);
    if (held !== 'unanswered') return held ?? true;
    answers = false;
    warnOf();
    return true;
  };
  const planNext = () => {
    if (over) return;
    silentRounds = answers ? 0 : silentRounds + 1;
    const soonerMs = FIRST_RETRY_MS * 2 ** (silentRounds - 1);
    cancelNext = clock.schedule(answers ? keepIntervalMs : Math.min(keepIntervalMs, soonerMs), () => {
      void keep();
    });
  };
  const readBack = async (setting: TemporarySetting) => {
    const outcome: CommandOutcome = await channel.give(setting.readBack.command);
    if (outcome.kind === 'accepted') return setting.readBack.holds(outcome.data);
    return outcome.kind === 'no-answer' || outcome.kind === 'ended' ? 'unanswered' : undefined;
  };

  return {
    begin() {
      void apply().then(planNext);
    },
    end() {
      over = true;
      cancelNext();
    },
    outcomes: () => outcomes,
    identity: () => told,
    readBack,
  };
}
