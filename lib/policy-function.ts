import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName, ScimFunctions } from './functions';

/** The functions that write what a client asks for. */
const WRITERS: readonly FunctionName[] = ['users', 'groups', 'bulk'];

/**
 * Lets the functions that write ask a policy function before they do (docs/policy.md), that one and no other. All have
 * the variable, so that the local run can put a function of the developer's into its place.
 */
export function askPolicyFunction(functions: ScimFunctions, policyFunction: IFunction | undefined): void {
  for (const name of WRITERS) {
    const writer = functions.get(name);
    writer.addEnvironment('POLICY_FUNCTION_ARN', policyFunction?.functionArn ?? '');
    if (policyFunction === undefined) continue;
    writer.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [policyFunction.functionArn],
      }),
    );
  }
}
