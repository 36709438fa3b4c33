import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminUserGlobalSignOutCommand,
  type CognitoIdentityProviderClient,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { AccessState, Account } from './access-state';
import type { SessionSink } from './session-sink';

/**
 * A Cognito user pool. A user who loses the access is disabled first, so that no new session begins, and then signed
 * out everywhere: refresh tokens are revoked, access tokens refused by Cognito's own endpoints. An app that checks
 * access tokens by their signature alone accepts them until they expire (5 minutes at the least): it should compare
 * the epoch, or look the token up. A user who regains it is enabled, unless another one has or had the name. So it is
 * done with each account that may be the user's; those the pool does not know are passed over.
 */
export class CognitoSink implements SessionSink {
  readonly name = 'cognito';

  constructor(
    private readonly client: Pick<CognitoIdentityProviderClient, 'send'>,
    private readonly userPoolId: string,
  ) {}

  async apply(state: AccessState): Promise<void> {
    for (const account of state.accounts) await this.applyTo(account, state);
  }

  private async applyTo(
    { username, ambiguous }: Account,
    { active, endsSessions }: Pick<AccessState, 'active' | 'endsSessions'>,
  ): Promise<void> {
    const user = { UserPoolId: this.userPoolId, Username: username };
    try {
      if (!active) await this.client.send(new AdminDisableUserCommand(user));
      if (endsSessions) await this.client.send(new AdminUserGlobalSignOutCommand(user));
      if (active && !ambiguous) await this.client.send(new AdminEnableUserCommand(user));
    } catch (error) {
      if (!(error instanceof UserNotFoundException)) throw error;
    }
  }
}
