import type { CommandChannel } from './commands/command-channel.ts';
import { gm6xProvisioning } from './families/gm6x.ts';
import { honeywellProvisioning } from './families/honeywell.ts';
import { newlandProvisioning } from './families/newland.ts';
import { ssiProvisioning } from './families/ssi.ts';
import type { ScannerSetting } from './commands/scanner-command.ts';
import type { ScannerFamilyName, ScannerProvisioning } from './families/scanner-family.ts';

/** What became of one setting that was to be stored. `skipped`: the scanner had stopped answering before its turn. */
export interface ProvisionedSetting {
  readonly setting: ScannerSetting;
  readonly outcome: 'stored' | 'refused' | 'unanswered' | 'skipped' | 'notSupported';
}

/** What a provisioning has come to. */
export interface ProvisioningReport {
  /** Everything that this family can store is stored. */
  readonly complete: boolean;
  readonly settings: readonly ProvisionedSetting[];
  /** What `[qrScanner]` in kiosk.toml must say from now on. */
  readonly configuration: ScannerProvisioning['configuration'];
}

const PROVISIONINGS: Record<ScannerFamilyName, ScannerProvisioning> = {
  newland: newlandProvisioning,
  gm6x: gm6xProvisioning,
  ssi: ssiProvisioning,
  honeywell: honeywellProvisioning,
};

/**
 * Stores in a scanner what a kiosk needs, for good: for the provisioning command only, because flash memory wears. Never resets
 * a scanner and never changes its line speed. Stops when the scanner falls silent or `signal` aborts; a refused setting does
 * not stop it.
 */
export async function provisionScanner(
  channel: CommandChannel,
  family: ScannerFamilyName,
  signal: AbortSignal,
): Promise<ProvisioningReport> {
  const provisioning = PROVISIONINGS[family];
  const settings: ProvisionedSetting[] = [];
  let answers = true;
  for (const { setting, command } of provisioning.settings) {
    if (!answers || signal.aborted) {
      settings.push({ setting, outcome: 'skipped' });
      continue;
    }
    const { kind } = await channel.give(command);
    answers = kind === 'accepted' || kind === 'refused';
    const outcome = kind === 'accepted' ? 'stored' : kind === 'refused' ? 'refused' : 'unanswered';
    settings.push({ setting, outcome });
  }
  const complete = settings.every(({ outcome }) => outcome === 'stored');
  for (const setting of provisioning.notSupported) settings.push({ setting, outcome: 'notSupported' });
  return { complete, settings, configuration: provisioning.configuration };
}
