import { profileNames } from '../../drivers/receipt-printer/printer-profile.ts';
import type { KnownNames } from '../configuration/load-configuration.ts';

/** The names that a configuration may give and that only the drivers know. */
export function knownNames(): KnownNames {
  return { profiles: profileNames() };
}
