import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { SetupInputs, SetupResults } from '../../src/setup-api/routes';
import type { Guide, Method, ValueName } from '../guides';
import type { SetupApi } from './api';
import type { SetupFault } from './fault';
import type { Polled } from './polled';

export type Page = SetupResults['GET /page'];
export type Branding = SetupResults['GET /branding'];
export type Connection = SetupResults['GET /connection'];
export type Credentials = SetupResults['GET /credentials'];
export type RoleMapping = SetupResults['GET /role-mappings']['items'][number];
export type Preview = SetupResults['GET /role-mappings/preview'];
export type Progress = SetupInputs['PUT /progress'];

/** What is known of the values that a guide names; a secret only from when it is made until it is pasted. */
export type Values = Readonly<Partial<Record<ValueName, string>>>;

/** What every part of the page may need. */
export interface Setup {
  readonly api: SetupApi;
  readonly page: Page;
  readonly branding: Branding;
  readonly connection: Polled<Connection>;
  readonly progress: Progress;
  readonly keepProgress: (progress: Progress) => void;
  /** What was chosen, once it was. */
  readonly guide: Guide | undefined;
  readonly method: Method | undefined;
  readonly values: Values;
  readonly keepValues: (values: Values) => void;
  /** A fault that ends the page ends it; others are for whoever asked to show. */
  readonly onFault: (fault: SetupFault) => void;
}

const Context = createContext<Setup | undefined>(undefined);

export const SetupProvider = Context.Provider;

/** What every part of the page may need. @throws Error outside of the page */
export function useSetup(): Setup {
  const setup = useContext(Context);
  if (setup === undefined) throw new Error('This belongs inside the set-up page.');
  return setup;
}
