import { connectBridge } from '../bridge/client.ts';
import { systemClock } from '../platform/clock.ts';
import { mountKiosk } from './mount.tsx';
import { visitOf } from './one-visit.ts';

await mountKiosk({
  clock: systemClock,
  connect: connectBridge,
  visit: visitOf(window),
  startOver: () => {
    window.location.reload();
  },
});
