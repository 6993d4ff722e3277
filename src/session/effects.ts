import { fromCallback } from 'xstate';
import type { SignInMethod } from '../view/kiosk-view.ts';
import type { SessionEvent } from './session-context.ts';
import type { Delivery, IssueHandle, SessionPorts } from './ports.ts';

/** The parts of a session that touch the world, each ended by leaving the state that started it. */
export function createEffects(ports: SessionPorts) {
  let delivery: IssueHandle | undefined;

  const signIn = fromCallback<SessionEvent, { method: SignInMethod }>(({ sendBack, input }) => {
    const abort = new AbortController();
    const look = input.method === 'id-card' ? ports.signIn.byIdCard : ports.signIn.bySuishenCode;
    const over = () => {
      if (!abort.signal.aborted) sendBack({ type: 'sign-in.over' });
    };
    look(abort.signal, (fact) => {
      if (!abort.signal.aborted) sendBack({ type: `sign-in.${fact.kind}`, fact } as SessionEvent);
    }).then(over, over);
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
      handle.outcome.then(
        (outcome) => {
          if (outcome.kind === 'issued') {
            if (awaited) delivery = handle;
            // Came after the person was told otherwise: nobody will ever answer for this slip.
            else handle.reportDelivery('unconfirmed');
          }
          sendBack({ type: 'issue.ended', outcome });
        },
        () => {
          sendBack({ type: 'issue.broken' });
        },
      );
      receive((event) => {
        if (event.type === 'choice.cancel') handle.cancel();
      });
      return () => {
        awaited = false;
      };
    },
  );

  const emptyVault = fromCallback<SessionEvent>(({ sendBack }) => {
    ports.vault.end().then(
      () => {
        sendBack({ type: 'vault.empty' });
      },
      () => {
        sendBack({ type: 'vault.failed' });
      },
    );
  });

  /** Answers the one question that is open after an issuance; without an open question it does nothing. */
  const reportDelivery = (how: Delivery) => {
    delivery?.reportDelivery(how);
    delivery = undefined;
  };

  return { actors: { signIn, issue, emptyVault }, reportDelivery };
}
