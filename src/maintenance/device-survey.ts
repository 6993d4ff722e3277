import { userInfo } from 'node:os';
import { pluggedDevices } from '../../drivers/discovery/plugged-devices.ts';
import { recognise } from '../../drivers/discovery/recognise.ts';
import type { Recognition } from '../../drivers/discovery/recognition.ts';
import type { KioskConfiguration } from '../configuration/configuration.ts';
import { configuredPlaces } from './configured-places.ts';

export type {
  ConfiguredFinding,
  DeviceTrouble,
  PossibleUse,
  RecognisedDevice,
} from '../../drivers/discovery/recognition.ts';

/** What is plugged into this machine, and what of it the configuration names. */
export interface DeviceSurvey extends Recognition {
  /** Whose permissions were looked at. */
  readonly user: string;
}

/** Looks at everything that is plugged in; opens nothing. Without a configuration nothing counts as configured. */
export async function surveyDevices(configuration: KioskConfiguration | undefined): Promise<DeviceSurvey> {
  const [plugged, configured] = await Promise.all([
    pluggedDevices(),
    configuration === undefined ? [] : configuredPlaces(configuration),
  ]);
  return { user: userName(), ...recognise(plugged, configured) };
}

/** A user without an entry in the system's list has a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}
