/** Takes the place of the function until it is written. */
export const handler = async (): Promise<never> => {
  throw new Error('The function "discovery" is not written yet.');
};
