/**
 * How many calls to DynamoDB one request has under way at the most: enough to hide the network, few enough for the
 * connection pool.
 */
const MAX_CONCURRENCY = 16;

/**
 * Runs `task` for each input, a bounded number at once. Results keep the order of the inputs; the first failure is
 * thrown.
 */
export async function inParallel<Input, Output>(
  inputs: readonly Input[],
  task: (input: Input) => Promise<Output>,
  mostAtOnce = MAX_CONCURRENCY,
): Promise<Output[]> {
  const outputs: Output[] = new Array(inputs.length);
  const waiting = inputs.entries();
  const lane = async () => {
    for (const [position, input] of waiting) outputs[position] = await task(input);
  };
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, inputs.length) }, lane));
  return outputs;
}
