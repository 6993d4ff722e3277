import { realpath } from 'node:fs/promises';
import type { ConfiguredDevice, ConfiguredPlace } from '../../drivers/discovery/recognition.ts';
import { DEVICE_SECTIONS } from '../configuration/configuration.ts';
import type { KioskConfiguration, LineConfiguration } from '../configuration/configuration.ts';

/** Where the configuration says that the devices are; of a path also what it leads to now. */
export async function configuredPlaces(
  configuration: KioskConfiguration,
): Promise<readonly ConfiguredDevice[]> {
  return Promise.all(
    DEVICE_SECTIONS.map(async (kind) => ({ kind, place: await placeOf(configuration[kind]) })),
  );
}

async function placeOf(line: LineConfiguration): Promise<ConfiguredPlace> {
  switch (line.transport) {
    case 'tcp':
      return { transport: 'tcp', host: line.host, port: line.port };
    case 'serial':
    case 'usblp': {
      const { transport, path } = line;
      const node = await realpath(path).catch(() => undefined);
      return { transport, path, ...(node === undefined ? {} : { node }) };
    }
    case 'usb':
    case 'hid':
      return {
        transport: line.transport,
        vendorId: Number.parseInt(line.vendorId, 16),
        productId: Number.parseInt(line.productId, 16),
        ...(line.serialNumber === undefined ? {} : { serialNumber: line.serialNumber }),
      };
  }
}
