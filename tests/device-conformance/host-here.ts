import { startSimulator } from '../fixtures/simulator-program.ts';
import { controlled, type DeviceHost } from './device-host.ts';

/** Simulators behind pseudo-terminals and TCP ports of this machine. */
export const hostHere: DeviceHost = {
  async start(driver, cable, _number, flags = []) {
    if (cable !== 'pty' && cable !== 'tcp') throw new Error(`${cable} needs the lab`);
    const program = await startSimulator(driver, cable, flags);
    return controlled({ device: program.device, control: program.control }, () => program.stop());
  },
};
