import type { IdCard } from '../../../src/devices/id-card.ts';
import { TEXT_BLOCK_BYTES } from './card-blocks.ts';

/** Offset in the record, bytes, and what stands there. */
type Written = readonly (readonly [offset: number, text: string])[];

/**
 * Nobody's: names that say so, the standard's own example number (GB 11643), sequence 000, nationality ZZZ, and the sample number
 * that the immigration administration has published. Layouts as in device-protocols 1.5.
 */
const INVENTED: Readonly<Record<IdCard['kind'], Written>> = {
  resident: [
    [0, '测试一'],
    [30, '1'],
    [32, '01'],
    [36, '19491231'],
    [52, '示例路1号'],
    [122, '11010519491231002X'],
    [158, '示例公安局'],
    [188, '20200101'],
    [204, '长期'],
  ],
  'residence-permit': [
    [0, '测试二'],
    [30, '2'],
    [36, '19500505'],
    [52, '示例路2号'],
    [122, '810000195005050001'],
    [158, '示例公安局'],
    [188, '20190101'],
    [204, '20240101'],
    [220, 'H00000000'],
    [238, '02'],
    [248, 'J'],
  ],
  'foreign-resident-2017': [
    [0, 'SAMPLE, ANNA'],
    [120, '2'],
    [122, 'ZZZ110000000018'],
    [152, 'ZZZ'],
    [158, '示例安'],
    [188, '20180101'],
    [204, '20280101'],
    [220, '19550606'],
    [236, '01'],
    [240, '0000'],
    [248, 'I'],
  ],
  'foreign-resident-2023': [
    [0, '示例安'],
    [30, '2'],
    [32, '01'],
    [36, '19850101'],
    [52, 'SAMPLE, ANNA'],
    [122, '932682198501010017'],
    [188, '20240101'],
    [204, '20340101'],
    [242, 'ZZZ'],
    [248, 'Y'],
    [250, '001'],
  ],
};

/** Every kind of card that can be read. */
export const KINDS_OF_CARDS = Object.keys(INVENTED) as readonly IdCard['kind'][];

const SPACE = 0x20;

/** The text record of somebody who does not exist, with a card of this kind. */
export function inventedRecord(kind: IdCard['kind']): Uint8Array {
  const record = inventedText('', TEXT_BLOCK_BYTES);
  for (const [offset, text] of INVENTED[kind]) record.set(Buffer.from(text, 'utf16le'), offset);
  return record;
}

/** A text in UTF-16LE, filled up with spaces. */
export function inventedText(text: string, bytes: number): Uint8Array {
  const block = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 2) block[at] = SPACE;
  block.set(Buffer.from(text, 'utf16le'));
  return block;
}
