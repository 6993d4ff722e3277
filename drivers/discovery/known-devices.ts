/** USB numbers of ID-card readers that speak SDT through pipes of their own (device-protocols 1.9). The first is nearly everybody's. */
const READERS: readonly (readonly [vendorId: number, productId: number])[] = [
  [0x0400, 0xc35a],
  [0x0483, 0x5652],
  [0x0316, 0x5020],
  [0x10c4, 0x8a1b],
  [0x2015, 0x0008],
  [0x9573, 0x4836],
  [0x0289, 0x28e9],
];

/** Whether these are the numbers of an ID-card reader. */
export function isKnownReader(vendorId: number, productId: number): boolean {
  return READERS.some(([vendor, product]) => vendor === vendorId && product === productId);
}

/** Makers whose printers need a profile of their own (device-protocols 3.6, 3.7); all others begin as generic ones. */
const PRINTER_PROFILES: Readonly<Record<number, string>> = {
  0x0dd4: 'custom-vkp80',
  0x0519: 'star-tup900',
};

/** The profile to begin with, by the maker's USB number; undefined: the default one. */
export function printerProfileBy(vendorId: number): string | undefined {
  return PRINTER_PROFILES[vendorId];
}
