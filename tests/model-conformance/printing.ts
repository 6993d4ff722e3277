import type { PrintOutcome } from '../model/paper.ts';
import type { JobUnderWay, WaitingJob } from './kiosk.ts';
import type { World } from './world.ts';

/** Rows from the beginning of a part into the middle of its ink: the quiet zone of a symbol, the space above a mark. */
const INTO_THE_INK = { body: 60, footer: 30 } as const;
/** What has been sent has arrived. */
const SENT_MS = 200;

/** The printer comes to what the model says: held at a known row, deaf, broken or unplugged, by its own commands. */
export async function printed(world: World, part: 'body' | 'footer', outcome: PrintOutcome): Promise<void> {
  const waiting = world.agent.waitingJob();
  if (waiting?.kind !== part) throw new Error(`the ${part} is not given to the printer`);
  const { simulator } = world.printer;
  switch (outcome.heard) {
    case 'proof':
      await world.finished(waiting.run());
      return;
    case 'weak':
      await weaklyProven(world, waiting);
      return;
    case 'not-printed':
      await refused(world, waiting);
      return;
    case 'unknown':
      break;
  }
  if (outcome.ink === 'full') {
    if (outcome.cut) await unheard(world, waiting, part === 'body' ? 'fence' : 'cut');
    else if (part === 'body') await jammedBehindBody(world, waiting);
    else {
      simulator.jamCutterAtNextCut();
      await world.finished(waiting.run());
    }
  } else if (outcome.ink === 'part' && outcome.waits) {
    simulator.holds.stopAfter(INTO_THE_INK[part], 'stand-still');
    await pulledOut(world, await heldWith(world, waiting));
  } else if (outcome.ink === 'part') await stoppedMidway(world, waiting, part);
  else if (outcome.waits) {
    await pulledOut(world, await heldBefore(world, waiting, part));
  } else {
    world.printer.cutUnderInk = true;
    await world.finished(waiting.run());
  }
}

/** The printer has all of it and has not printed a dot. */
export function heldBefore(
  world: World,
  waiting: WaitingJob,
  part: 'body' | 'footer' | 'cut',
): Promise<JobUnderWay> {
  // The first row of a symbol is white.
  world.printer.simulator.holds.holdAt(part);
  return heldWith(world, waiting);
}

/** The printer is emptied before anything else is printed; what it held does not come out while it hears that. */
export async function emptied(world: World, begin: () => JobUnderWay): Promise<void> {
  const { simulator } = world.printer;
  const heldBytes = simulator.holds.held === undefined ? 0 : simulator.bufferedBytes;
  const job = begin();
  if (heldBytes > 0) {
    await world.waitFor(() => simulator.bufferedBytes < heldBytes, 'the emptying of the buffer');
    simulator.release();
  }
  await world.finished(job);
}

/** Somebody puts the cable in, if it is out. */
export async function plugIn(world: World): Promise<void> {
  if (world.agent.pluggedIn) return;
  await emptied(world, () => {
    const job = { done: false };
    void world.agent.plugIn().then(() => (job.done = true));
    return job;
  });
}

/** An open cover: certainly nothing is printed. */
export async function refused(world: World, waiting: WaitingJob): Promise<void> {
  const { simulator } = world.printer;
  simulator.openCover();
  await world.finished(waiting.run());
  simulator.closeCover();
}

/** It is on paper, and the line says nothing any more from there on. */
export async function unheard(world: World, waiting: WaitingJob, from: 'fence' | 'cut'): Promise<void> {
  const { simulator } = world.printer;
  simulator.holds.holdAt(from);
  const job = await heldWith(world, waiting);
  world.printer.deaf = true;
  simulator.release();
  await world.finished(job);
  world.printer.unplug();
  await world.settle();
}

async function heldWith(world: World, waiting: WaitingJob): Promise<JobUnderWay> {
  const job = waiting.run();
  await world.waitFor(() => world.printer.simulator.holds.held !== undefined, 'the held printer');
  await world.time.advance(SENT_MS);
  return job;
}

/** What the printer holds it keeps; the kiosk hears no more of it. */
async function pulledOut(world: World, job: JobUnderWay): Promise<void> {
  world.printer.unplug();
  await world.finished(job);
}

/** Ids are echoed before any paper can have moved: what is left as proof says less. */
async function weaklyProven(world: World, waiting: WaitingJob): Promise<void> {
  const { answers } = world.printer.simulator;
  answers.set('early-echo', 0, undefined);
  await world.finished(waiting.run());
  answers.set('normal', 0, undefined);
  // The driver has learnt what this printer's echo is worth, for as long as the line lasts.
  world.printer.unplug();
  await world.settle();
}

async function jammedBehindBody(world: World, waiting: WaitingJob): Promise<void> {
  const { simulator } = world.printer;
  simulator.holds.holdAt('fence');
  const job = await heldWith(world, waiting);
  simulator.change({ cutterJammed: true });
  await world.finished(job);
  simulator.holds.release();
  simulator.change({ cutterJammed: false });
}

/** The cover is opened, and the driver drops the rest; or the printer loses its power and with it what it held. */
async function stoppedMidway(world: World, waiting: WaitingJob, part: 'body' | 'footer'): Promise<void> {
  const { simulator } = world.printer;
  if (world.random.fraction() < 0.5) {
    simulator.holds.stopAfter(INTO_THE_INK[part], 'cover-open');
    await world.finished(waiting.run());
    simulator.closeCover();
    return;
  }
  simulator.holds.stopAfter(INTO_THE_INK[part], 'stand-still');
  const job = await heldWith(world, waiting);
  simulator.powerCycle();
  await world.finished(job);
}
