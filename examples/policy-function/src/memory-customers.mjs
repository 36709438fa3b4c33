/**
 * A customer: what they have bought, who has a seat, who is an owner.
 *
 * @typedef {object} Customer
 * @property {number} seats
 * @property {readonly string[]} domains
 * @property {Set<string>} seated
 * @property {Set<string>} owners
 */

/**
 * Stands for your database, and forgets with its process. It believes that what is allowed happens. Yours better
 * follows the service's events (`user.provisioned`, `user.deactivated`, `membership.added`, …): what is allowed may
 * still fail, for a userName that is taken, and the function may be asked twice about one change.
 */
export class MemoryCustomers {
  /** @type {Map<string, Customer>} */
  #customers = new Map();

  /** @param {Record<string, { seats: number, domains: string[] }>} bought */
  constructor(bought) {
    for (const [tenantId, { seats, domains }] of Object.entries(bought))
      this.#customers.set(tenantId, { seats, domains, seated: new Set(), owners: new Set() });
  }

  /** @param {string} tenantId */
  async find(tenantId) {
    return this.#customers.get(tenantId);
  }

  /** @param {import('serverless-scim/events').PolicyQuestion} question */
  async note({ tenantId, resourceType, before, after, members }) {
    const { seated, owners } = this.#customers.get(tenantId) ?? { seated: new Set(), owners: new Set() };
    if (resourceType === 'User') {
      if (after !== null && after.active !== false) seated.add(after.id);
      else if (before !== null) for (const group of [seated, owners]) group.delete(before.id);
    } else if ((after ?? before)?.displayName === 'Owners') {
      for (const id of members?.added ?? []) owners.add(id);
      for (const id of members?.removed ?? []) owners.delete(id);
    }
  }
}
