/**
 * Takes the place of the SDK's event streams in the bundles (lib/bundles.ts): none of the services that the functions
 * call has one. The SDK imports them only when a call does, and by that alone keeps the bundler from joining its
 * modules into one scope and from leaving out what nobody uses: all of them would be loaded as functions that are
 * called one in the other.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('The bundle has no event streams.');
  }
}
