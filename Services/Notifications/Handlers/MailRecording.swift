import Contracts
import Messaging

/// Turns attempts at sending mails into the log's lines and says when to try again.
struct MailRecording {
    private(set) var steps: [NotificationStore.Step] = []

    /// Takes one attempt in.
    /// - Returns: when to try again; nil for never.
    mutating func take(
        _ attempt: MailAttempt, at pending: NotificationStore.Pending, now: Timestamp
    ) -> Timestamp? {
        let number = pending.attemptCount + 1
        var attempt = attempt
        var next: Timestamp?
        if case .postponed(let reason) = attempt.result {
            next = MailSchedule.next(afterFailures: number, since: pending.since, at: now)
            if next == nil { attempt = attempt.givenUp(because: reason) }
        }
        steps.append(
            NotificationStore.Step(
                notificationID: pending.notificationID, organizationID: pending.organizationID, number: number,
                attempt: attempt))
        return next
    }
}
