/** How far a use case has come that reads a whole table. */
export interface ScanProgress {
  /** Items read. */
  readonly scanned: number;
  /** How many there are about; DynamoDB counts them every six hours, and a new table has 0. */
  readonly items: number;
}
