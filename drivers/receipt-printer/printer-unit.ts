import { unitKey } from '../../src/devices/device-findings.ts';
import type { DeviceFindings, DeviceIdentity } from '../../src/devices/device-findings.ts';
import type { CompletionProof } from './printing/completion-proof.ts';
import { exitSensorFitted, knownChineseRom, readFindings, startingProof } from './printer-findings.ts';
import type { PrinterFindings } from './printer-findings.ts';
import type { ReceiptPrinterProfile } from './printer-profile.ts';

/** What is known of the one printer at the end of a line: who it says it is, and what a probe found out about it. */
export class PrinterUnit {
  readonly #profile: ReceiptPrinterProfile;
  readonly #store: DeviceFindings<PrinterFindings> | undefined;
  readonly #placeKey: string;
  readonly #linkIdentity: DeviceIdentity;
  #told: DeviceIdentity = {};
  #findings: PrinterFindings | undefined;

  /**
   * Begins with what is known of whatever was at this place last: a unit that answers late must be known as such before it can be
   * asked who it is.
   * @param place the line, as technicians know it
   */
  constructor(
    profile: ReceiptPrinterProfile,
    store: DeviceFindings<PrinterFindings> | undefined,
    linkIdentity: DeviceIdentity | undefined,
    place: string,
  ) {
    this.#profile = profile;
    this.#store = store;
    this.#linkIdentity = linkIdentity ?? {};
    this.#placeKey = unitKey(this.#linkIdentity) ?? place;
    this.#findings = readFindings(store?.get(this.#placeKey));
  }

  /** As the printer says, else as its USB descriptors say. */
  identity(): DeviceIdentity {
    return { ...this.#linkIdentity, ...this.#told };
  }

  findings(): PrinterFindings | undefined {
    return this.#findings;
  }

  /** It has said who it is: what is known of the place holds no longer, unless it says nothing. */
  recognise(told: DeviceIdentity): void {
    this.#told = told;
    const key = unitKey(told);
    if (key !== undefined) this.#findings = readFindings(this.#store?.get(key));
  }

  /** Keeps what a probe found out. What it did not look at stays as it was known. */
  learn(findings: PrinterFindings): PrinterFindings {
    const merged = { ...this.#findings, ...findings };
    this.#findings = merged;
    const key = unitKey(this.#told);
    if (key !== undefined) this.#store?.put(key, merged);
    this.#store?.put(this.#placeKey, merged);
    return merged;
  }

  startingProof(): CompletionProof {
    return startingProof(this.#profile, this.#findings);
  }

  exitSensorFitted(): boolean {
    return exitSensorFitted(this.#profile, this.#findings);
  }

  chineseRom(): 'gb18030' | 'gb2312' | undefined {
    return knownChineseRom(this.#profile, this.#findings);
  }

  answersLate(): boolean {
    return this.#findings?.answersLate === true;
  }
}
