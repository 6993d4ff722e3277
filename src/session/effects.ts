import { fromCallback } from 'xstate';
import { sleep } from '../platform/clock.ts';
import type { TerminalPage } from '../view/directory-view.ts';
import type { SignInMethod } from '../view/kiosk-view.ts';
import type { SessionLimits } from './limits.ts';
import { signInMachineEvent, slipMachineEvent } from './session-context.ts';
import type { SessionEvent } from './session-context.ts';
import type { IssueHandle, IssueOutcome, SessionPorts, SignInEvent, SlipAnswer } from './ports.ts';

/** The parts of a session that touch the world, each ended by leaving the state that started it. */
export function createEffects(ports: SessionPorts, limits: Pick<SessionLimits, 'takeSlipMs'>) {
  let slip: IssueHandle | undefined;

  /** Runs `work` while its state lasts; what it has to say afterwards xstate passes on to nobody. */
  const lasting = <I>(
    work: (signal: AbortSignal, tell: (event: SessionEvent) => void, input: I) => Promise<void>,
    broken?: SessionEvent,
  ) =>
    fromCallback<SessionEvent, I>(({ sendBack, input }) => {
      const abort = new AbortController();
      work(abort.signal, sendBack, input).catch(() => {
        if (broken !== undefined) sendBack(broken);
      });
      return () => {
        abort.abort();
      };
    });

  const signIn = lasting<{ method: SignInMethod }>(async (signal, tell, { method }) => {
    const look = method === 'id-card' ? ports.signIn.byIdCard : ports.signIn.bySuishenCode;
    try {
      await look(signal, (fact: SignInEvent) => {
        tell(signInMachineEvent(fact));
      });
    } finally {
      // Without an ending event before it, this is an ending nobody explained.
      tell({ type: 'sign-in.over' });
    }
  });

  const issue = fromCallback<SessionEvent, { epoch: number; kind: 'apply' | 'reissue' }>(
    ({ sendBack, receive, input }) => {
      const handle = ports.issue(input.kind, (progress) => {
        sendBack({ type: 'issue.progress', progress });
      });
      ports.records.update(input.epoch, { opId: handle.opId });
      slip = undefined;
      let awaited = true;
      const run = async () => {
        const outcome = await handle.outcome;
        if (!awaited) {
          await endOfUnseenSlip(handle, outcome);
          return;
        }
        if (outcome.kind === 'issued') slip = handle;
        sendBack({ type: 'issue.ended', outcome });
      };
      run().catch(() => {
        sendBack({ type: 'issue.broken' });
      });
      // 不办了: nothing else is ever sent here.
      receive(() => {
        handle.cancel();
      });
      return () => {
        awaited = false;
      };
    },
  );

  /** Came out after the person was told otherwise: nobody will answer for it, but somebody may still take it. */
  const endOfUnseenSlip = async (handle: IssueHandle, outcome: IssueOutcome) => {
    if (outcome.kind !== 'issued') return;
    const seen = outcome.delivery === 'cut' && outcome.exit !== 'blind';
    if (seen) await Promise.race([handle.slipGone(), sleep(ports.clock, limits.takeSlipMs)]);
    handle.answerForSlip('unanswered');
  };

  const watchSlip = lasting(async (_signal, tell) => {
    if (slip !== undefined) tell(slipMachineEvent(await slip.slipGone()));
  });

  const takeBack = lasting(
    async (_signal, tell) => {
      if (slip !== undefined) tell(slipMachineEvent(await slip.takeBack()));
    },
    { type: 'slip.unknown' },
  );

  const readBack = lasting(async (signal, tell) => {
    try {
      await ports.readBack(signal, ({ kind }) => {
        tell({ type: `read-back.${kind}` });
      });
    } finally {
      tell({ type: 'read-back.lost' });
    }
  });

  const watchCard = lasting(
    async (signal, tell) => {
      const lifted = (await ports.cardLifted()?.(signal)) === true;
      tell({ type: lifted ? 'card.lifted' : 'card.unseen' });
    },
    { type: 'card.unseen' },
  );

  const callHelp = lasting(
    async (_signal, tell) => {
      tell({ type: (await ports.callHelp()) ? 'help.called' : 'help.nobody' });
    },
    { type: 'help.nobody' },
  );

  const printAddresses = lasting<{ page: TerminalPage }>(
    async (_signal, tell, { page }) => {
      tell({ type: 'addresses.ended', outcome: await ports.printAddresses(page) });
    },
    { type: 'addresses.ended', outcome: 'unknown' },
  );

  const emptyVault = lasting(
    async (_signal, tell) => {
      await ports.vault.end();
      tell({ type: 'vault.empty' });
    },
    { type: 'vault.failed' },
  );

  /** Answers the one question that is open after an issuance; without an open question it does nothing. */
  const answerForSlip = (answer: SlipAnswer) => {
    slip?.answerForSlip(answer);
    slip = undefined;
  };

  return {
    actors: { signIn, issue, watchSlip, takeBack, readBack, watchCard, callHelp, printAddresses, emptyVault },
    answerForSlip,
  };
}
