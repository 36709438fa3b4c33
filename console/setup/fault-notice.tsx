import { Notice } from '../components/notice';
import type { SetupFault } from './fault';

/** Why something that the reader asked for was not done. */
export const FaultNotice = ({ fault }: { readonly fault: SetupFault | undefined }) =>
  fault === undefined ? null : (
    <Notice kind="bad" urgent>
      <p>{fault.message}</p>
    </Notice>
  );
