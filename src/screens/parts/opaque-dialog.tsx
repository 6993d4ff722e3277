import type { ReactNode } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { ClockFace } from './clock-face.tsx';
import { OverlayFooter } from './footer-bar.tsx';
import { useCitizenText } from './citizen-text.ts';

/** A dialog that covers the whole glass: nothing of what lies under it shines through. */
export function OpaqueDialog(props: { name: string; urgent: boolean; children: ReactNode }): ReactNode {
  const t = useCitizenText();
  return (
    <ModalOverlay isOpen isKeyboardDismissDisabled className="overlay" data-overlay={props.name}>
      <Modal className="overlay-card">
        <Dialog role={props.urgent ? 'alertdialog' : 'dialog'} className="overlay-dialog">
          <div className="header">
            <span className="service">{t('service')}</span>
            <ClockFace />
          </div>
          {props.children}
          <OverlayFooter />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
