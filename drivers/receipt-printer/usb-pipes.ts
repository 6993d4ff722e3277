import type { UsbInterfaceDescription, UsbPipes } from '../transport/usb-device.ts';

const PRINTER = 0x07;

/**
 * The pipes of a printer: the interface of the printer class that has one in each direction (protocol 02 or 03; 01 has no way
 * back). Endpoint numbers differ by maker, so they are read, never assumed (device-protocols 3.7).
 */
export function printerPipes(interfaces: readonly UsbInterfaceDescription[]): UsbPipes | undefined {
  for (const { class: interfaceClass, interfaceNumber, endpoints } of interfaces) {
    const endpoint = endpoints.find((address) => address < 0x80);
    const answers = endpoints.find((address) => address >= 0x80);
    if (interfaceClass !== PRINTER || endpoint === undefined || answers === undefined) continue;
    return { interfaceNumber, in: [answers], split: (bytes) => [{ endpoint, bytes }] };
  }
  return undefined;
}
