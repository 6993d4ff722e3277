import type { Move, What } from '../model/moves.ts';
import type { State } from '../model/state.ts';
import type { WaitingJob } from './kiosk.ts';
import { emptied, heldBefore, plugIn, printed, refused, unheard } from './printing.ts';
import type { World } from './world.ts';

type Of<K extends What['kind']> = Extract<What, { kind: K }>;

/** Rows that bring a part that has not begun to its ink, and not to its end. */
const SOME_ROWS = 60;
/** What the printer has still to print is printed. */
const PRINTED_OUT_MS = 10_000;

/** What takes no time: it can also happen in the instant between two commits. */
export function carryOutAtOnce(world: World, what: What): boolean {
  const { person } = world;
  switch (what.kind) {
    case 'hears':
      mustBe(world.lastSent(idOf(world, what.op), what.request), 'a request that was sent').hear();
      return true;
    case 'rival':
      person.rivalIssues();
      return true;
    case 'loss':
      person.reportLoss();
      return true;
    case 'lease-over':
      person.leaseOver(idOf(world, what.op));
      return true;
    case 'scanned':
      person.scanned(idOf(world, what.op));
      world.printer.takeSlips();
      return true;
    case 'given-up':
      mustBe(world.handles.get(idOf(world, what.op)), 'a running operation').cancel();
      return true;
    default:
      return false;
  }
}

/** Does in the world what a move of the model says. Afterwards everything is quiet. */
export async function carryOut(world: World, state: State, move: Move): Promise<void> {
  const { what } = move;
  if (!carryOutAtOnce(world, what)) await inItsTime(world, state, move, what);
  await world.settle();
}

async function inItsTime(world: World, state: State, { next }: Move, what: What): Promise<void> {
  switch (what.kind) {
    case 'asks':
      await asks(world, next.ops[what.op].kind);
      return;
    case 'answered':
      await answered(world, what);
      return;
    case 'unanswered':
      await unanswered(world, what);
      return;
    case 'printed': {
      const opId = idOf(world, what.op);
      if (what.part === 'body') world.bodyStarts.set(opId, (world.bodyStarts.get(opId) ?? 0) + 1);
      await printed(world, what.part, what.outcome);
      return;
    }
    case 'delivered':
      await delivered(world, what);
      return;
    case 'retracted':
      await retracted(world, what);
      return;
    case 'paid':
      await paid(world, what);
      return;
    case 'leftover':
      await leftoverPrints(world, what);
      return;
    case 'killed':
      await killed(world, state, next, what);
      return;
    case 'starts':
      await world.boot();
      return;
    default:
      throw new Error(`${what.kind} is taken at once or in an instant`);
  }
}

async function asks(world: World, kind: 'apply' | 'reissue'): Promise<void> {
  const { agent, printer } = world;
  printer.takeSlips();
  // An operation before it may still wait for the first word of the centre.
  await world.waitFor(() => agent.issuance.obstacle() === null, 'a kiosk that is ready');
  await plugIn(world);
  const opId = world.random.uuid();
  world.opIds.push(opId);
  world.handles.set(opId, agent.begin(opId, kind));
  for (await world.settle(); world.lastSent(opId, 'reserve') === undefined; await world.settle()) {
    const waiting = mustBe(agent.waitingJob(), 'a question to the printer');
    if (waiting.kind === 'purge') await emptied(world, () => waiting.run());
    else await world.finished(waiting.run());
  }
}

async function answered(world: World, { op, request, attempt }: Of<'answered'>): Promise<void> {
  const opId = idOf(world, op);
  const repeats = request === 'reserve' || request === 'activate';
  if (attempt === 'second' || (attempt === undefined && repeats && world.random.fraction() < 0.3)) {
    const first = mustBe(world.awaited(opId, request), `${request} under way`);
    first.lose();
    await world.waitFor(() => world.lastSent(opId, request) !== first, 'a second attempt');
  }
  if (world.awaited(opId, request) === undefined) {
    // It is between two attempts, or has just waited in vain.
    await world.settle();
    world.agent.issuance.centreReachable();
    await world.waitFor(() => world.awaited(opId, request) !== undefined, `${request} once more`);
  }
  await world.moves(opId, () => world.awaited(opId, request)?.deliver());
}

/** The person gives up; or every attempt is lost; or nobody says anything. */
async function unanswered(world: World, { op }: Of<'unanswered'>): Promise<void> {
  const opId = idOf(world, op);
  const how = world.random.fraction();
  const lose = () => {
    for (const request of ['reserve', 'activate'] as const) world.awaited(opId, request)?.lose();
  };
  if (how < 0.4)
    await world.moves(opId, () => mustBe(world.handles.get(opId), 'a running operation').cancel());
  else await world.moves(opId, () => undefined, how < 0.7 ? lose : undefined);
}

async function delivered(world: World, { op, how }: Of<'delivered'>): Promise<void> {
  const opId = idOf(world, op);
  const handle = mustBe(world.handles.get(opId), 'a slip that somebody answers for');
  const { printer } = world;
  const answer = {
    'in-hand': 'in-hand',
    unseen: 'missing',
    'read-back': 'read-back',
    illegible: 'illegible',
  } as const;
  if (printer.exit && how === 'in-hand') {
    printer.takeSlips();
    await world.until(handle.slipGone(), 'the word of the sensor');
  }
  await world.moves(opId, () => handle.answerForSlip(answer[how]));
}

/** The kiosk pulls it back, because it was told so or because nobody answers; or the printer does so by itself. */
async function retracted(world: World, { op }: Of<'retracted'>): Promise<void> {
  const opId = idOf(world, op);
  const handle = mustBe(world.handles.get(opId), 'a slip that lies there');
  const ways = [
    () => handle.takeBack(),
    () => handle.answerForSlip('unanswered'),
    () => {
      world.printer.simulator.receive(RETRACT);
    },
  ];
  await world.moves(opId, mustBe(ways[Math.floor(world.random.fraction() * ways.length)], 'a way'));
}

/** ESC SYN 0 0, as the printer's own timer would do it. */
const RETRACT = Uint8Array.of(0x1b, 0x16, 0x30, 0x00);

/** The debt of one operation. What another one owes may be in front of it; that is refused then. */
async function paid(world: World, { op, heard }: Of<'paid'>): Promise<void> {
  const { agent, printer } = world;
  const { simulator } = printer;
  printer.takeSlips();
  await plugIn(world);
  const isMine = ({ opId = '' }: WaitingJob) =>
    op === null ? !world.opIds.includes(opId) : opId === idOf(world, op);
  for (let jobs = 0; jobs < MOST_JOBS; jobs += 1) {
    await world.settle();
    const waiting = agent.waitingJob();
    if (waiting === undefined) agent.issuance.printerReady();
    else if (waiting.kind === 'purge' && simulator.condition.cutterJammed) await freedCutter(world, waiting);
    else if (waiting.kind === 'purge') await emptied(world, () => waiting.run());
    else if (!isMine(waiting)) await refused(world, waiting);
    else if (heard) return world.finished(waiting.run());
    else return unheard(world, waiting, 'cut');
  }
  throw new Error('the debt is never paid');
}

const MOST_JOBS = 20;

/** The kiosk drops what the printer holds, the knife's order too, and cannot do more; then somebody frees it. */
async function freedCutter(world: World, waiting: WaitingJob): Promise<void> {
  await world.finished(waiting.run());
  world.printer.simulator.change({ cutterJammed: false });
}

async function leftoverPrints(world: World, { ink }: Of<'leftover'>): Promise<void> {
  const { simulator } = world.printer;
  if (ink === 'full') simulator.release();
  else {
    simulator.holds.release();
    simulator.holds.stopAfter(SOME_ROWS, 'stand-still');
    simulator.receive(new Uint8Array(0));
  }
  await world.time.advance(PRINTED_OUT_MS);
}

/** What the printer was given stays in it (`next.leftover`), or the knife falls after the agent's end, or nothing was given yet. */
async function killed(world: World, state: State, next: State, { disk }: Of<'killed'>): Promise<void> {
  const { simulator } = world.printer;
  const waiting = () => mustBe(world.agent.waitingJob(), 'a part to be printed');
  const falls = next.ops.some(({ footer }, at) => footer !== state.ops[at === 0 ? 0 : 1].footer);
  if (falls) await heldBefore(world, waiting(), 'cut');
  else if (next.leftover !== null && next.leftover !== state.leftover) {
    await heldBefore(world, waiting(), next.leftover.part === 'footer' ? 'footer' : 'body');
  }
  endsAtOnce(world, disk);
  await world.settle();
  if (falls) {
    simulator.release();
    await world.time.advance(PRINTED_OUT_MS);
  }
}

/** Ends between two commits. */
export function endsAtOnce(world: World, disk: Of<'killed'>['disk']): void {
  world.kill();
  if (disk === 'lost') world.disk.loseDatabase();
}

function idOf(world: World, op: 0 | 1): string {
  return mustBe(world.opIds[op], `operation ${op + 1}`);
}

function mustBe<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}
