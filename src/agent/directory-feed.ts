import type { CentralClient } from '../central-api/client.ts';
import type { KioskConfiguration } from '../configuration/configuration.ts';
import { createDirectory, type DirectoryService } from '../directory/directory.ts';
import { espeak } from '../directory/speech.ts';
import type { Logger } from '../logging/logger.ts';
import type { Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';
import type { Store } from '../store/open-store.ts';

const HOUR_MS = 3_600_000;

/** 附近的机器 and notices, from the centre over the store. */
export function startDirectory(parts: {
  configuration: KioskConfiguration;
  central: CentralClient;
  store: Store;
  logger: Logger;
  clock: Clock;
  random: RandomSource;
  today: () => string;
}): DirectoryService {
  const { central, clock, random, logger, store } = parts;
  const { latitude, longitude, refreshHours, speech } = parts.configuration.directory;
  const directory = createDirectory({
    source: central,
    keeping: store.directory,
    clock,
    random,
    kiosk: {
      id: parts.configuration.kiosk.id,
      ...(latitude === undefined || longitude === undefined ? {} : { place: { latitude, longitude } }),
    },
    refreshMs: refreshHours * HOUR_MS,
    today: parts.today,
    ...(speech === 'none' ? {} : { speak: espeak(speech) }),
    onRefresh: (refresh) => {
      logger.emit('directory.refreshed', { ...refresh });
    },
  });
  directory.start();
  return directory;
}
