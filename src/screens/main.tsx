import { connectBridge } from '../bridge/client.ts';
import { systemClock } from '../platform/clock.ts';
import { mountKiosk } from './mount.tsx';

await mountKiosk({
  clock: systemClock,
  connect: connectBridge,
  startOver: () => {
    window.location.reload();
  },
});
