/** How often each measurement is repeated: what `--runs N` says, or what is usual for it. @throws Error */
export function runs(usual: number): number {
  const at = process.argv.indexOf('--runs');
  if (at < 0) return usual;
  const count = Number(process.argv[at + 1]);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`--runs is "${process.argv[at + 1]}"; a whole number above 0 is accepted.`);
}
