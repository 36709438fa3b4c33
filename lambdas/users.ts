/** Takes the place of the function until it is written. */
export const handler = async (): Promise<never> => {
  throw new Error('The function "users" is not written yet.');
};
