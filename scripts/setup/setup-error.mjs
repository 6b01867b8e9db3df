/** Something a person has to do before set-up can go on; the message says what. */
export class SetupError extends Error {}

/** Say what is being done, on one line. */
export function say(text) {
  console.log(`set-up: ${text}`)
}
