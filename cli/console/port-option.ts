import { UsageError } from '../command';

/** A port; 0, which has a free one picked, without the option. @throws UsageError */
export function portOption(value: string | boolean | undefined): number {
  if (value === undefined) return 0;
  if (typeof value === 'string' && /^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new UsageError(
    `--port is ${JSON.stringify(value)}; a number from 0 (picks a free one) to 65535 is accepted.`,
  );
}
