/**
 * @typedef {import('serverless-scim/events').PolicyQuestion} PolicyQuestion
 * @typedef {import('serverless-scim/events').PolicyAnswer} PolicyAnswer
 * @typedef {import('./memory-customers.mjs').Customer} Customer
 * @typedef {import('./memory-customers.mjs').MemoryCustomers} MemoryCustomers
 */

/**
 * Refuses what the customer has not bought, or would lock everybody out. Whoever is not known here may do everything.
 * Values stand in double quotes, since the provisioning log leaves these out.
 *
 * @param {PolicyQuestion} question
 * @param {MemoryCustomers} customers
 * @returns {Promise<PolicyAnswer>}
 */
export async function decide(question, customers) {
  const customer = await customers.find(question.tenantId);
  if (customer === undefined) return { allow: true };
  const detail = question.resourceType === 'User' ? ofUser(question, customer) : ofGroup(question, customer);
  if (detail !== undefined) return { allow: false, detail };
  await customers.note(question);
  return { allow: true };
}

/**
 * @param {PolicyQuestion} question
 * @param {Customer} customer
 */
function ofUser({ before, after }, { seats, domains, seated, owners }) {
  const has = before !== null && before.active !== false;
  const gets = after !== null && after.active !== false;
  if (gets && after.userName !== before?.userName) {
    const domain = String(after.userName).split('@').at(-1)?.toLowerCase() ?? '';
    if (!domains.includes(domain))
      return `The domain "${domain}" is not one of yours; ${domains.map((each) => `"${each}"`).join(', ')} are. Ask us to add it.`;
  }
  if (gets && !has && seated.size >= seats && !seated.has(after.id))
    return `All ${seats} seats are taken. Remove somebody, or ask us for more.`;
  if (has && !gets && owners.size === 1 && owners.has(before.id))
    return 'This user is the last owner. Make somebody else an owner first.';
  return undefined;
}

/**
 * The group "Owners" must not lose its last member.
 *
 * @param {PolicyQuestion} question
 * @param {Customer} customer
 */
function ofGroup({ before, after, members }, { owners }) {
  if (before?.displayName !== 'Owners' || owners.size === 0) return undefined;
  if (after === null) return 'The group "Owners" is needed: whoever is in it looks after the account.';
  const left = [...owners].filter((id) => !members?.removed.includes(id)).length + (members?.addedCount ?? 0);
  return left > 0 ? undefined : 'The group "Owners" would be empty. Add another owner first.';
}
