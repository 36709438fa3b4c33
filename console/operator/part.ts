/** What a part of a tenant's page is given. */
export interface PartProps {
  readonly tenantId: string;
  readonly query: Readonly<Record<string, string>>;
}
