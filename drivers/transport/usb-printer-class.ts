import type { PrinterClassRequests } from './byte-link.ts';
import type { UsbDevice } from './usb-device.ts';

const GET_DEVICE_ID = 0;
const GET_PORT_STATUS = 1;
const SOFT_RESET = 2;
const LONGEST_DEVICE_ID_BYTES = 1024;

/**
 * The requests of USB Device Class Definition for Printing Devices 1.1, §4.2. Nothing here rejects.
 * @param inTurn runs a transfer when no other is under way
 */
export function printerClassRequests(
  device: UsbDevice,
  interfaceNumber: number,
  inTurn: <T>(work: () => Promise<T>) => Promise<T>,
): PrinterClassRequests {
  const setup = (request: number, index: number) =>
    ({ requestType: 'class', recipient: 'interface', request, value: 0, index }) as const;
  const ask = async (request: number, index: number, length: number): Promise<Uint8Array | undefined> => {
    try {
      const { data } = await inTurn(() => device.controlTransferIn(setup(request, index), length));
      return data && new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    } catch {
      return undefined;
    }
  };
  return {
    async deviceId() {
      // The interface stands in the high byte here and nowhere else.
      const answer = await ask(GET_DEVICE_ID, interfaceNumber << 8, LONGEST_DEVICE_ID_BYTES);
      const id = answer === undefined ? '' : Buffer.from(answer.subarray(2)).toString('latin1');
      return id === '' ? undefined : id;
    },
    async portStatus() {
      const [status] = (await ask(GET_PORT_STATUS, interfaceNumber, 1)) ?? [];
      if (status === undefined) return undefined;
      return {
        paperEmpty: (status & 0x20) !== 0,
        selected: (status & 0x10) !== 0,
        error: (status & 0x08) === 0,
      };
    },
    async softReset() {
      try {
        // Without data the library wants an empty array.
        await inTurn(() => device.controlTransferOut(setup(SOFT_RESET, interfaceNumber), new Uint8Array(0)));
        return true;
      } catch {
        return false;
      }
    },
  };
}
