import { CLASSIC_FAILURES, type ClassicFailure, classicRecord } from '@pokers/protocol/classic';
import { MESSAGE } from './example-message.ts';
import { code, frame, table } from './markdown.ts';

/** What has to hold, in the order in which it is looked at. A new failure without a line here does not compile. */
const CHECKS: Record<ClassicFailure, string> = {
  bad_request: '`thread_id`, `class_id`, `speaker` and `speaker_name` are all there, and none is empty',
  class_not_found: 'there is a class `class_id`',
  thread_not_found: 'there is a thread `thread_id`, and it is in this class',
  not_a_member:
    'there is a user `speaker` whose name is `speaker_name` (letter case does not matter), who is in this class, and whom this connection may speak for',
  unknown_action: '`action` is `join` or `send`',
  message_not_found:
    '`send` only: there is a message `mes_id`, by this speaker, in this thread, and not deleted',
};

export function classicAnswers(): string {
  const rows = Object.entries(CHECKS).map(([name, check], index) => [
    String(index + 1),
    check,
    code(CLASSIC_FAILURES[name as ClassicFailure]),
  ]);
  return table(['#', 'what has to hold', 'answer where it does not'], rows);
}

export function recordExample(): string {
  return frame(classicRecord(MESSAGE));
}
