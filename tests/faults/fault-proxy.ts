import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { sleep, systemClock } from '../../src/platform/clock.ts';

/** `up`: from the kiosk to the centre. */
export type Direction = 'up' | 'down';

/** What the way between two programs is like. Absent: as fast as this machine. */
export interface Weather {
  /** Each piece comes so much later, ms. */
  readonly delayMs?: number;
  /** No more than so many bytes a second, one at a time when they are few. */
  readonly bytesPerSecond?: number;
  /** Nothing comes through and nobody is told; what was sent comes when the weather is better. */
  readonly hole?: boolean;
  /** New connections are reset at once. */
  readonly refuse?: boolean;
}

/**
 * How a connection ends: `reset` both sides by RST, `cut` in order (FIN) on both sides, `half-open`: the centre's side is gone, and
 * the kiosk is not told: what it sends from then on is lost.
 */
export type Ending = 'reset' | 'cut' | 'half-open';

/** An ending that waits for its place: so many bytes into a TLS record of application data. */
export interface Trap {
  readonly direction: Direction;
  /** Records of application data that still go through whole. */
  readonly records: number;
  /** Bytes of the next one that go through, its header of 5 included. */
  readonly bytes: number;
  readonly ending: Ending;
}

const APPLICATION_DATA = 23;
const RECORD_HEADER_BYTES = 5;
const SLICE_MS = 20;

/** A way between kiosk and centre that knows bytes and TLS records, and nothing of what they say. */
export class FaultProxy {
  readonly port: number;
  weather: Weather = {};
  /** How many connections there have been. */
  connections = 0;
  #trap: Trap | undefined;
  readonly #server: Server;
  readonly #links = new Set<Link>();

  private constructor(server: Server, target: { host: string; port: number }) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (kiosk) => {
      this.connections += 1;
      kiosk.on('error', ignore);
      if (this.weather.refuse === true) {
        kiosk.resetAndDestroy();
        return;
      }
      const link = new Link(kiosk, connect(target), this);
      this.#links.add(link);
      link.onGone = () => this.#links.delete(link);
    });
  }

  /** Listens at a free port of `host`. */
  static async open(target: { host: string; port: number }, host = '127.0.0.1'): Promise<FaultProxy> {
    const server = createServer({ noDelay: true });
    server.listen(0, host);
    await once(server, 'listening');
    return new FaultProxy(server, target);
  }

  /** Ends every connection that is open now. */
  end(ending: Ending): void {
    for (const link of this.#links) link.end(ending);
  }

  /** Sets a trap for the first connection that comes to its place; undefined takes it away. */
  set trap(trap: Trap | undefined) {
    this.#trap = trap;
    for (const link of this.#links) link.countFromHere();
  }

  /** The trap that nobody has met yet. */
  get trap(): Trap | undefined {
    return this.#trap;
  }

  /** Good weather and no traps; what was ended stays ended. */
  heal(): void {
    this.weather = {};
    this.trap = undefined;
  }

  async close(): Promise<void> {
    this.weather = {};
    for (const link of this.#links) link.end('reset');
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** Told by the close that follows. */
function ignore(): void {}

/** One connection: two ways, and their end. */
class Link {
  onGone: () => void = () => {};
  readonly #kiosk: Socket;
  readonly #centre: Socket;
  readonly #ways: readonly Way[];
  #halfOpen = false;

  constructor(kiosk: Socket, centre: Socket, proxy: FaultProxy) {
    this.#kiosk = kiosk;
    this.#centre = centre;
    const sprung = (trap: Trap) => {
      proxy.trap = undefined;
      this.end(trap.ending);
    };
    this.#ways = [new Way('up', kiosk, centre, proxy, sprung), new Way('down', centre, kiosk, proxy, sprung)];
    centre.on('error', ignore);
    // A way that is closed in the middle takes the other side with it.
    kiosk.on('close', (hadError) => {
      if (hadError) centre.resetAndDestroy();
      this.onGone();
    });
    centre.on('close', (hadError) => {
      if (hadError && !this.#halfOpen) kiosk.resetAndDestroy();
    });
  }

  countFromHere(): void {
    for (const way of this.#ways) way.countFromHere();
  }

  end(ending: Ending): void {
    if (ending === 'half-open') {
      this.#halfOpen = true;
      for (const way of this.#ways) way.lose();
      this.#centre.resetAndDestroy();
      return;
    }
    for (const socket of [this.#kiosk, this.#centre]) {
      if (ending === 'reset') socket.resetAndDestroy();
      else socket.end();
    }
    for (const way of this.#ways) way.lose();
  }
}

/** One direction of a connection. */
class Way {
  readonly #direction: Direction;
  readonly #to: Socket;
  readonly #proxy: FaultProxy;
  readonly #sprung: (trap: Trap) => void;
  readonly #waiting: (Buffer | 'end')[] = [];
  #moving = false;
  #lost = false;
  /** Of the record that goes through now. */
  #header = Buffer.alloc(0);
  #leftOfRecord = 0;
  #recordsPassed = 0;
  #isData = false;
  #recordBytes = 0;

  constructor(
    direction: Direction,
    from: Socket,
    to: Socket,
    proxy: FaultProxy,
    sprung: (trap: Trap) => void,
  ) {
    this.#direction = direction;
    this.#to = to;
    this.#proxy = proxy;
    this.#sprung = sprung;
    const take = (piece: Buffer | 'end') => {
      this.#waiting.push(piece);
      void this.#move();
    };
    from.on('data', take);
    from.on('end', () => {
      take('end');
    });
  }

  /** Records are counted anew. */
  countFromHere(): void {
    this.#recordsPassed = 0;
  }

  /** Whatever comes from now on is lost. */
  lose(): void {
    this.#lost = true;
    this.#waiting.length = 0;
  }

  async #move(): Promise<void> {
    if (this.#moving) return;
    this.#moving = true;
    for (let piece = this.#waiting.shift(); piece !== undefined; piece = this.#waiting.shift()) {
      const { delayMs = 0 } = this.#proxy.weather;
      if (delayMs > 0) await sleep(systemClock, delayMs);
      while (this.#proxy.weather.hole === true) await sleep(systemClock, SLICE_MS);
      if (this.#lost) break;
      if (piece === 'end') this.#to.end();
      else await this.#pass(piece);
    }
    this.#moving = false;
  }

  async #pass(piece: Buffer): Promise<void> {
    let left = piece;
    while (left.length > 0 && !this.#lost) {
      const { bytesPerSecond } = this.#proxy.weather;
      const most = bytesPerSecond === undefined ? left.length : Math.ceil((bytesPerSecond * SLICE_MS) / 1000);
      const slice = left.subarray(0, most);
      const fits = this.#untilTrap(slice);
      if (fits > 0 && this.#to.writable) this.#to.write(slice.subarray(0, fits));
      const { trap } = this.#proxy;
      if (fits < slice.length && trap !== undefined) {
        this.#sprung(trap);
        return;
      }
      left = left.subarray(slice.length);
      if (bytesPerSecond !== undefined) await sleep(systemClock, SLICE_MS);
    }
  }

  /** Follows the records through `slice`; how much of it goes through before the trap springs. */
  #untilTrap(slice: Buffer): number {
    for (let at = 0; at < slice.length; at += 1) {
      const { trap } = this.#proxy;
      if (this.#leftOfRecord === 0 && this.#header.length === 0)
        this.#isData = slice[at] === APPLICATION_DATA;
      const armed = trap !== undefined && trap.direction === this.#direction && this.#isData;
      if (armed && this.#recordsPassed >= trap.records && this.#recordBytes >= trap.bytes) return at;
      this.#follow(slice.subarray(at, at + 1));
    }
    return slice.length;
  }

  #follow(byte: Buffer): void {
    this.#recordBytes += 1;
    if (this.#leftOfRecord > 0) this.#leftOfRecord -= 1;
    else {
      this.#header = Buffer.concat([this.#header, byte]);
      if (this.#header.length < RECORD_HEADER_BYTES) return;
      this.#leftOfRecord = this.#header.readUInt16BE(3);
      this.#header = Buffer.alloc(0);
    }
    if (this.#leftOfRecord > 0) return;
    if (this.#isData) this.#recordsPassed += 1;
    this.#recordBytes = 0;
  }
}
