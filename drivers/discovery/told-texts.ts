import { shownText } from '../../src/platform/shown-text.ts';
import type { PluggedDevice } from './plugged-devices.ts';

/** What a device says of itself in its descriptors, as it stands there; nothing, an empty text or null: it says nothing. */
export interface DescriptorTexts {
  readonly serialNumber?: string | null | undefined;
  readonly maker?: string | null | undefined;
  readonly product?: string | null | undefined;
}

/** A serial number that a configuration can name; by any other no unit can be told from the next. */
const SERIAL_NUMBER = /^[\x21-\x7e][\x20-\x7e]{0,125}$/;

/** What of it can be shown to a technician and written into a configuration. */
export function toldTexts({
  serialNumber,
  maker,
  product,
}: DescriptorTexts): Pick<PluggedDevice, 'serialNumber' | 'maker' | 'product'> {
  const [shownMaker, shownProduct] = [maker, product].map((text) => shownText(text ?? ''));
  return {
    ...(serialNumber && SERIAL_NUMBER.test(serialNumber) ? { serialNumber } : {}),
    ...(shownMaker ? { maker: shownMaker } : {}),
    ...(shownProduct ? { product: shownProduct } : {}),
  };
}
