import type { ReportLayout } from './hid-reports.ts';

/** Short items of a report descriptor (HID 1.11, 6.2.2), with the sizes they need here. */
const usagePage = (page: number) => (page > 0xff ? [0x06, page & 0xff, page >> 8] : [0x05, page]);
const usage = (id: number) => [0x09, id];
const reportId = (id: number) => [0x85, id];
const logicalRange = (most: number) => [0x15, 0x00, 0x26, most & 0xff, most >> 8];
const reportSize = (bits: number) => [0x75, bits];
const reportCount = (count: number) => [0x95, count];
const collection = (kind: number, ...items: readonly (readonly number[])[]) => [
  0xa1,
  kind,
  ...items.flat(),
  0xc0,
];
const APPLICATION = 0x01;
const LOGICAL = 0x02;
const INPUT_VARIABLE = [0x81, 0x02];
const INPUT_CONSTANT = [0x81, 0x03];
/** Data, variable, absolute, buffered bytes: an item of several bytes without a meaning of its own. */
const INPUT_BUFFERED = [0x82, 0x02, 0x01];
const OUTPUT_BUFFERED = [0x92, 0x02, 0x01];

/** Usage pages and usages of the HID Point of Sale usage tables 1.02. */
const BAR_CODE_SCANNER = 0x8c;
const GENERIC_DESKTOP = 0x01;
const VENDOR = 0xff66;
const SCANNER = 0x02;
const SCANNED_DATA_REPORT = 0x12;
const BYTE_COUNT = 0x3b;
const SYMBOLOGY_IDENTIFIERS = [0xfb, 0xfc, 0xfd];
const DECODED_DATA = 0xfe;
const DATA_CONTINUED = 0xff;

const byteCount = [...usagePage(GENERIC_DESKTOP), ...usage(BYTE_COUNT), ...reportCount(1), ...INPUT_VARIABLE];
const aimIdentifier = [
  ...usagePage(BAR_CODE_SCANNER),
  ...SYMBOLOGY_IDENTIFIERS.flatMap(usage),
  ...reportCount(3),
  ...INPUT_VARIABLE,
];
const decodedData = (bytes: number) => [
  ...usagePage(BAR_CODE_SCANNER),
  ...usage(DECODED_DATA),
  ...reportCount(bytes),
  ...INPUT_BUFFERED,
];
const vendorBytes = (count: number) => [
  ...usagePage(VENDOR),
  ...usage(0x04),
  ...reportCount(count),
  ...INPUT_BUFFERED,
];
const reservedBytes = (count: number) => [...reportCount(count), ...INPUT_CONSTANT];
/** One bit and seven to fill the byte. */
const continuedBit = [
  ...usagePage(BAR_CODE_SCANNER),
  ...usage(DATA_CONTINUED),
  0x15,
  0x00,
  0x25,
  0x01,
  ...reportSize(1),
  ...reportCount(1),
  ...INPUT_VARIABLE,
  ...reportCount(7),
  ...INPUT_CONSTANT,
];
const commandReport = (id: number) => [
  ...reportId(id),
  ...usagePage(VENDOR),
  ...usage(0x02),
  ...logicalRange(0xff),
  ...reportSize(8),
  ...reportCount(63),
  ...OUTPUT_BUFFERED,
];

function descriptor(inputId: number, fields: readonly number[], outputId?: number): Uint8Array {
  return Uint8Array.from([
    ...usagePage(BAR_CODE_SCANNER),
    ...usage(SCANNER),
    ...collection(
      APPLICATION,
      reportId(inputId),
      usage(SCANNED_DATA_REPORT),
      collection(LOGICAL, logicalRange(0xff), reportSize(8), fields),
      outputId === undefined ? [] : commandReport(outputId),
    ),
  ]);
}

/** The report descriptor of a HID POS scanner: input reports of 64 bytes as laid out, output reports that carry commands. */
export const REPORT_DESCRIPTORS: Record<ReportLayout, Uint8Array> = {
  standard: descriptor(
    0x02,
    [
      ...byteCount,
      ...aimIdentifier,
      ...decodedData(56),
      ...vendorBytes(1),
      ...reservedBytes(1),
      ...continuedBit,
    ],
    0xfd,
  ),
  newland: descriptor(
    0x02,
    [...byteCount, ...decodedData(56), ...reservedBytes(4), ...vendorBytes(1), ...continuedBit],
    0x04,
  ),
  microscan: descriptor(0x01, [...byteCount, ...decodedData(62)]),
};
