import Contracts

/// How long a saga waits for an answer before it asks again, and when it calls an operator. Asking again is harmless: every
/// recipient answers a repeated command from what it has stored. It is never given up.
enum Patience {
    /// Reminders before an operator is called: some half an hour after the command.
    static let remindersBeforeIncident = 5

    /// The wait after so many reminders: 1, 2, 4 … minutes, an hour at most.
    static func wait(afterReminders count: Int) -> Duration {
        .seconds(min(3600, 60 << min(max(count, 0), 6)))
    }

    static func timer(afterReminders count: Int, from now: Timestamp) -> SagaTimer {
        SagaTimer(kind: .answerDue, dueAt: now + wait(afterReminders: count))
    }
}
