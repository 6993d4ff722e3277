import { expect, test } from 'vitest';
import { createKioskPort, type Painted } from '../src/agent/kiosk-port.ts';
import type { KioskView } from '../src/view/kiosk-view.ts';
import { systemClock } from '../src/platform/clock.ts';

const VIEW: KioskView = {
  epoch: 4,
  screen: { name: 'attract' },
  readiness: { methods: [], issue: false, check: false, obstacles: [] },
  choices: ['start'],
};

function port() {
  const said: (Painted | undefined)[] = [];
  const kiosk = createKioskPort({
    session: {
      view: () => VIEW,
      onView: () => () => {},
      choose: () => 'accepted',
      pageKeyPressed: () => {},
      stop: () => Promise.resolve(),
    },
    // Neither is reached: nobody is signed in.
    central: {} as never,
    live: {} as never,
    recording: () => Promise.resolve(undefined),
    clock: systemClock,
    machinePictures: new Map(),
    onPainted: (painted) => said.push(painted),
  });
  return { kiosk, said };
}

test('a frame of the living epoch counts as painted, one of another epoch does not', () => {
  const { kiosk, said } = port();
  kiosk.painted(3, 'home');
  kiosk.painted(4, 'attract');
  expect(said.map((painted) => painted?.screen)).toEqual(['attract']);
});

test('when the last page stops listening nothing is known to be on the glass', () => {
  const { kiosk, said } = port();
  const first = kiosk.onView(() => {});
  const second = kiosk.onView(() => {});
  kiosk.painted(4, 'attract');
  first();
  expect(said.at(-1)?.screen).toBe('attract');
  second();
  expect(said.at(-1)).toBeUndefined();
});
