// How much the server takes in one call.

export const MOST_PEOPLE = 1_000;
export const MOST_DEVICES = 200;
