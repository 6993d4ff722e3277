import { fromCallback } from 'xstate';
import type { SignInMethod } from '../view/kiosk-view.ts';
import { signInMachineEvent } from './session-context.ts';
import type { SessionEvent } from './session-context.ts';
import type { Delivery, IssueHandle, SessionPorts, SignInEvent } from './ports.ts';

/** The parts of a session that touch the world, each ended by leaving the state that started it. */
export function createEffects(ports: SessionPorts) {
  let delivery: IssueHandle | undefined;

  const signIn = fromCallback<SessionEvent, { method: SignInMethod }>(({ sendBack, input }) => {
    const abort = new AbortController();
    const { signal } = abort;
    const look = input.method === 'id-card' ? ports.signIn.byIdCard : ports.signIn.bySuishenCode;
    const onEvent = (fact: SignInEvent) => {
      if (!signal.aborted) sendBack(signInMachineEvent(fact));
    };
    const run = async () => {
      try {
        await look(signal, onEvent);
      } finally {
        // Without an ending event before it, this is an ending nobody explained.
        if (!signal.aborted) sendBack({ type: 'sign-in.over' });
      }
    };
    run().catch(() => undefined);
    return () => {
      abort.abort();
    };
  });

  const issue = fromCallback<SessionEvent, { epoch: number; kind: 'apply' | 'reissue' }>(
    ({ sendBack, receive, input }) => {
      const handle = ports.issue(input.kind, (progress) => {
        sendBack({ type: 'issue.progress', progress });
      });
      ports.records.update(input.epoch, { opId: handle.opId });
      delivery = undefined;
      let awaited = true;
      const run = async () => {
        const outcome = await handle.outcome;
        if (awaited && outcome.kind === 'issued') delivery = handle;
        // Came after the person was told otherwise: nobody will ever answer for this slip.
        if (!awaited && outcome.kind === 'issued') handle.reportDelivery('unconfirmed');
        sendBack({ type: 'issue.ended', outcome });
      };
      run().catch(() => {
        sendBack({ type: 'issue.broken' });
      });
      receive((event) => {
        if (event.type === 'choice.cancel') handle.cancel();
      });
      return () => {
        awaited = false;
      };
    },
  );

  const emptyVault = fromCallback<SessionEvent>(({ sendBack }) => {
    const run = async () => {
      await ports.vault.end();
      sendBack({ type: 'vault.empty' });
    };
    run().catch(() => {
      sendBack({ type: 'vault.failed' });
    });
  });

  /** Answers the one question that is open after an issuance; without an open question it does nothing. */
  const reportDelivery = (how: Delivery) => {
    delivery?.reportDelivery(how);
    delivery = undefined;
  };

  return { actors: { signIn, issue, emptyVault }, reportDelivery };
}
