import { uhidEventOf } from '../../../drivers/simulators/uhid.ts';
import type { UhidEvent } from '../../../drivers/simulators/uhid.ts';
import type { Chance } from '../chance.ts';
import { whole } from '../fuzz-target.ts';

/** linux/uhid.h: types of events, and the size of the largest. */
const TYPES = { start: 2, stop: 3, open: 4, close: 5, output: 6, getReport: 9, setReport: 13 } as const;
const EVENT_BYTES = 4376;
const DATA_BYTES = 4096;

/** `__u32 type` and `struct uhid_output_req { __u8 data[4096]; __u16 size; __u8 rtype; }`. */
function output(chance: Chance): Buffer {
  const event = Buffer.alloc(EVENT_BYTES);
  event.writeUInt32LE(TYPES.output, 0);
  event.set(chance.bytes(chance.below(70)), 4);
  event.writeUInt16LE(chance.pick([0, 2, 64, DATA_BYTES, DATA_BYTES + 1, 0xffff]), 4 + DATA_BYTES);
  return event.subarray(
    0,
    chance.pick([EVENT_BYTES, EVENT_BYTES, 4 + DATA_BYTES + 3, 4 + DATA_BYTES + 1, 70]),
  );
}

/** `__u32 type`, `__u32 id`, and what is asked for. */
function question(chance: Chance): Buffer {
  const event = Buffer.alloc(chance.pick([EVENT_BYTES, 10, 8, 7]));
  event.writeUInt32LE(chance.pick(Object.values(TYPES)), 0);
  event.set(chance.bytes(3), 4);
  return event;
}

function brokenRuleOf(input: Uint8Array, event: UhidEvent): string | undefined {
  const bytes = Buffer.from(input);
  switch (event.kind) {
    case 'output':
      if (event.report.length > DATA_BYTES) return 'a report that no report can be';
      if (bytes.indexOf(event.report) === -1) return 'a report that was not sent';
      return event.report.length <= bytes.readUInt16LE(4 + DATA_BYTES) ? undefined : 'more than was sent';
    case 'get-report':
    case 'set-report':
      return event.id === bytes.readUInt32LE(4) ? undefined : 'an answer to another question';
    case 'other':
      return undefined;
  }
}

/** What the kernel says to the HID device of a simulator. */
export const uhidEvents = whole<UhidEvent>({
  name: 'simulator-uhid-events',
  maxBytes: EVENT_BYTES,
  decode: uhidEventOf,
  check: brokenRuleOf,
  bucket: (event) =>
    `${event.kind} ${event.kind === 'output' ? Math.ceil(Math.log2(event.report.length + 1)) : ''}`,
  grammar: (chance) => Uint8Array.from(chance.once(2) ? output(chance) : question(chance)),
});
