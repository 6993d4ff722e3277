import type { DeviceIdentity } from '../../src/devices/device-findings.ts';
import { shownText } from '../../src/platform/shown-text.ts';

/** What a device says of itself in its descriptors, as it stands there. */
interface DescriptorTexts {
  readonly maker: string | null | undefined;
  readonly model: string | null | undefined;
  readonly serialNumber: string | null | undefined;
}

/** What of it can be shown to people; what says nothing is left out. */
export function toldIdentity(texts: DescriptorTexts): DeviceIdentity {
  const shown = (key: keyof DescriptorTexts) => {
    const text = shownText(texts[key] ?? '');
    return text === '' ? {} : { [key]: text };
  };
  return { ...shown('maker'), ...shown('model'), ...shown('serialNumber') };
}
