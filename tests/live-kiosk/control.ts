/** Drives a simulator or the central service's sandbox controls from outside, over loopback HTTP. */
export class Control {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async state<T = Record<string, unknown>>(): Promise<T> {
    return this.#ask<T>('GET', '/state');
  }

  async command(command: string, details: Record<string, unknown> = {}): Promise<void> {
    await this.#ask('POST', '/commands', { command, ...details });
  }

  async get<T>(path: string): Promise<T> {
    return this.#ask<T>('GET', path);
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return this.#ask<T>('POST', path, body);
  }

  async bytes(path: string): Promise<Uint8Array> {
    const answer = await fetch(this.#url + path);
    if (!answer.ok) throw new Error(`GET ${path} → ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.#url + path, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} → ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
