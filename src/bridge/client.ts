import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import type { Choice, KioskView } from '../view/kiosk-view.ts';
import type { MachinePart } from '../configuration/machine-pictures.ts';
import type { ChoiceAnswer } from './ports.ts';
import type { KioskRouter } from './router.ts';

/** By part; of those that are missing there is no photo. */
export type MachinePictureUrls = Readonly<Partial<Record<MachinePart, string>>>;

/** The page's end of the bridge. */
export interface BridgeClient {
  /** Sends a choice of the given session; rejects when the bridge is down. */
  choose(epoch: number, choice: Choice): Promise<ChoiceAnswer>;
  /** Says that somebody used a key of the page itself. */
  pageKeyPressed(epoch: number): void;
  /** The full name, when the person asked to see it. */
  fullName(epoch: number): Promise<string | undefined>;
  /** Where the page gets the portrait, once. */
  photoUrl(epoch: number, photoRef: string): string;
  /** Where the page gets the photo of each part of this machine that has one. */
  machinePictures(): Promise<MachinePictureUrls>;
  /** Says what is really on the glass. */
  painted(epoch: number, screen: string): void;
  close(): void;
}

/** Longest pause between attempts to reach the agent again, ms. */
const RECONNECT_MS = 1_000;

/** Connects to the agent that served this page, and again for ever when it goes away. */
export function connectBridge(listeners: {
  onView: (view: KioskView) => void;
  onConnection: (state: 'connected' | 'lost') => void;
}): BridgeClient {
  const socket = createWSClient({
    url: `ws://${window.location.host}/bridge`,
    retryDelayMs: (attempt) => Math.min(RECONNECT_MS, 100 * (attempt + 1)),
    keepAlive: { enabled: true, intervalMs: 5_000, pongTimeoutMs: 3_000 },
    onOpen: () => {
      listeners.onConnection('connected');
    },
    onClose: () => {
      listeners.onConnection('lost');
    },
  });
  const trpc = createTRPCClient<KioskRouter>({ links: [wsLink({ client: socket })] });
  const subscription = trpc.view.subscribe(undefined, {
    onData: listeners.onView,
    onError: () => {
      listeners.onConnection('lost');
    },
  });
  return {
    choose: (epoch, choice) => trpc.choose.mutate({ epoch, choice }),
    pageKeyPressed: (epoch) => {
      trpc.pageKeyPressed.mutate({ epoch }).catch(() => {
        // The agent is away; it will wait anew when it is back.
      });
    },
    fullName: async (epoch) => (await trpc.fullName.query({ epoch })) ?? undefined,
    photoUrl: (epoch, photoRef) => `/photos/${epoch}/${encodeURIComponent(photoRef)}`,
    machinePictures: async () =>
      Object.fromEntries((await trpc.machineParts.query()).map((part) => [part, `/machine/${part}`])),
    painted: (epoch, screen) => {
      trpc.painted.mutate({ epoch, screen }).catch(() => {
        // The agent is away; it asks for no old frame when it is back.
      });
    },
    close: () => {
      subscription.unsubscribe();
      void socket.close();
    },
  };
}
