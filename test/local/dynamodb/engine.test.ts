import { engineBinary } from '../../../local/dynamodb/engine';
import { streamTableStatement } from '../../../local/dynamodb/stream-table';

test('a missing binary is told with its package and the alternative', () => {
  expect(() => engineBinary('plan9', 'mips')).toThrow(/@dynoxide\/plan9-mips.*DYNAMODB_ENDPOINT/);
});

test("the engine's own statement for its stream table has the columns that the indexes rest on", () => {
  expect(streamTableStatement(engineBinary())).toMatch(
    /^CREATE TABLE IF NOT EXISTS _stream_records \([\s\S]* sequence_number [\s\S]*\)$/,
  );
});

test('a binary with another schema is not guessed at', () => {
  expect(streamTableStatement(__filename)).toBeUndefined();
});
