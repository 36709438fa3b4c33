/** Takes the place of the function until it is written. */
export const handler = async (): Promise<never> => {
  throw new Error('The function "session-revoker" is not written yet.');
};
