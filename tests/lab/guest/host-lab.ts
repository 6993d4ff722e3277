import { controlled, type DeviceHost } from '../../device-conformance/device-host.ts';

/** Simulators that the lab's root runs; the kiosk's user may only ask for them. */
export const hostLab: DeviceHost = {
  async start(driver, cable, number, flags = []) {
    const hub = process.env['LAB_DEVICES'] ?? '';
    const answer = await fetch(`${hub}/`, {
      method: 'POST',
      body: JSON.stringify({ driver, cable, number, flags }),
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`no ${driver} on ${cable}: ${text}`);
    const ready = JSON.parse(text) as { name: string; device: string; control: string };
    return controlled(ready, async () => {
      await fetch(`${hub}/${ready.name}`, { method: 'DELETE' });
    });
  },
};
