import Contracts
import Logging
import Messaging

/// Tells the merchant what became of charges and refunds it was answered "pending" for, as a provider's webhooks would: at
/// least once, with retries, and on purpose twice.
struct SandboxNotifier: Sendable {
    let book: SandboxBook
    let moments: MomentSource
    let pause: Pause
    let logger: Logger
    /// The merchant's end. What it throws makes the notification come again.
    let deliver: @Sendable (ProviderNotification) async throws -> Void

    private static let limit = 100
    private static let lease = Duration.seconds(30)
    private static let interval = Duration.milliseconds(250)

    /// Notifies until the task is cancelled.
    func run() async throws {
        while !Task.isCancelled {
            var count = 0
            do {
                count = try await deliverDue()
            } catch {
                try Task.checkCancellation()
                logger.warning("the sandbox could not read its notifications", metadata: ["error": "\(error)"])
            }
            if count == 0 { try await pause(Self.interval) }
        }
    }

    /// Tells everything that is due, each once.
    /// - Returns: how many notifications were due.
    @discardableResult
    func deliverDue() async throws -> Int {
        let due = try await book.claimDueNotifications(
            limit: Self.limit, lease: Self.lease, at: moments.now())
        for notification in due {
            do {
                try await deliver(notification)
            } catch {
                logger.warning(
                    "a notification of the sandbox was not taken",
                    metadata: ["about": "\(notification.content)", "error": "\(error)"])
                try await book.recordFailure(of: notification, at: moments.now())
                continue
            }
            try await book.recordDelivery(of: notification)
        }
        return due.count
    }
}
