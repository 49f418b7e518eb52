import Contracts

/// One try at sending a mail.
struct MailAttempt: Sendable, Equatable {
    enum Result: Sendable, Equatable {
        case sent
        /// The relay could not take it now.
        case postponed(String)
        /// The relay never will, or was asked for long enough.
        case failed(String)
    }

    let attemptedAt: Timestamp
    let durationMilliseconds: Int
    let result: Result

    /// The same attempt as the last one.
    func givenUp(because reason: String) -> MailAttempt {
        MailAttempt(
            attemptedAt: attemptedAt, durationMilliseconds: durationMilliseconds, result: .failed("given up: \(reason)")
        )
    }
}
