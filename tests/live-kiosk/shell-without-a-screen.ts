import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { WebSocket } from 'ws';
import type { KioskRouter } from '../../src/bridge/router.ts';
import type { Choice, KioskView, Screen } from '../../src/view/kiosk-view.ts';

/** A shell that attaches to the agent as a page does, and has eyes and a finger but no glass. */
export interface ShellWithoutAScreen {
  view(): KioskView;
  /** Touches a key; rejects when the screen does not offer it. */
  choose(choice: Choice): Promise<void>;
  /** The full name, as the page fetches it; undefined: the agent tells none. */
  fullName(epoch: number): Promise<string | undefined>;
  /** The portrait, likewise. */
  photo(epoch: number, photoRef: string): Promise<Uint8Array | undefined>;
  /** Waits for one of these screens. */
  until(names: readonly Screen['name'][], limitMs: number): Promise<Screen>;
  close(): Promise<void>;
}

/** Exchanges the one-time code for the cookie and opens the bridge; `heard` is told every message of the agent as it came. */
export async function attachShell(
  origin: string,
  shellCodeFile: string,
  heard: (message: string) => void = () => {},
): Promise<ShellWithoutAScreen> {
  const answer = await fetch(`${origin}/attach`, {
    method: 'POST',
    headers: { origin: 'null' },
    body: new URLSearchParams({ code: readFileSync(shellCodeFile, 'utf8') }),
  });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  class WithCookie extends WebSocket {
    constructor(url: string) {
      super(url, { headers: { cookie, origin } });
      this.on('message', (data: Buffer) => {
        heard(data.toString('utf8'));
      });
    }
  }
  const first = Promise.withResolvers<void>();
  const socket = createWSClient({
    url: `${origin.replace('http', 'ws')}/bridge`,
    WebSocket: WithCookie as unknown as typeof globalThis.WebSocket,
    onClose: () => {
      first.reject(new Error('the agent has shown nothing and is gone'));
    },
  });
  const trpc = createTRPCClient<KioskRouter>({ links: [wsLink({ client: socket })] });
  let newest: KioskView | undefined;
  const subscription = trpc.view.subscribe(undefined, {
    onData: (view) => {
      newest = view;
      first.resolve();
    },
    onError: first.reject,
  });
  try {
    await first.promise;
  } catch (error) {
    // It would go on looking for an agent that does not know it.
    void socket.close();
    throw error;
  }
  const view = () => {
    if (newest === undefined) throw new Error('the agent has shown nothing');
    return newest;
  };
  return {
    view,
    async choose(choice) {
      const taken = await trpc.choose.mutate({ epoch: view().epoch, choice });
      if (taken !== 'accepted') throw new Error(`${choice}: ${taken} at ${JSON.stringify(view().screen)}`);
    },
    async fullName(epoch) {
      return (await trpc.fullName.query({ epoch })) ?? undefined;
    },
    async photo(epoch, photoRef) {
      const answer = await fetch(`${origin}/photos/${epoch}/${photoRef}`, { headers: { cookie, origin } });
      return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
    },
    async until(names, limitMs) {
      const deadline = performance.now() + limitMs;
      while (!names.includes(view().screen.name)) {
        if (performance.now() > deadline)
          throw new Error(`waited for ${names.join(' or ')}, it is ${JSON.stringify(view().screen)}`);
        await pause(20);
      }
      return view().screen;
    },
    async close() {
      subscription.unsubscribe();
      await socket.close();
    },
  };
}
