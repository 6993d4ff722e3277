/** A scanner's settings: those in force, and those it comes back with when its power was gone. */
export class Settings {
  readonly #factory: ReadonlyMap<string, string>;
  #inForce: Map<string, string>;
  #stored: Map<string, string>;

  constructor(factory: Readonly<Record<string, string>>) {
    this.#factory = new Map(Object.entries(factory));
    this.#inForce = new Map(this.#factory);
    this.#stored = new Map(this.#factory);
  }

  get inForce(): ReadonlyMap<string, string> {
    return this.#inForce;
  }

  get stored(): ReadonlyMap<string, string> {
    return this.#stored;
  }

  set(address: string, value: string, permanent: boolean): void {
    this.#inForce.set(address, value);
    if (permanent) this.#stored.set(address, value);
  }

  save(): void {
    this.#stored = new Map(this.#inForce);
  }

  factoryReset(): void {
    this.#inForce = new Map(this.#factory);
    this.save();
  }

  powerCycle(): void {
    this.#inForce = new Map(this.#stored);
  }
}
