import Contracts
import Foundation
import Synchronization

/// Where mails give way: whoever buys comes before whoever is mailed.
final class MailPause: Sendable {
    /// What one mail gives way at most at a time.
    static let patience = Duration.seconds(10)
    /// A mail that is older gives way no more: in a rush that lasts, mails are late and not forgotten.
    static let youth = Duration.seconds(60)

    private let givingWay = Mutex(GivingWay())
    private let start = ContinuousClock.now
    private let account: @Sendable () -> GivingWay.Account?

    /// - Parameter account: reads what this process has had; see ``GivingWay``.
    init(account: @escaping @Sendable () -> GivingWay.Account? = MailPause.account) {
        self.account = account
    }

    /// Returns when a mail may begin.
    /// - Parameters:
    ///   - begin: when what it is about began.
    ///   - now: the time now.
    /// - Returns: how long it gave way.
    func wait(since begin: Timestamp, at now: Timestamp) async -> Duration {
        let arrival = ContinuousClock.now
        guard now.since(begin) < Self.youth else { return .zero }
        while case let left = Self.patience - (ContinuousClock.now - arrival), left > .zero {
            let rest = givingWay.withLock { $0.pause(at: ContinuousClock.now - start, account) }
            // Whoever is cancelled goes on at once, and ends where it notices.
            guard rest > .zero, (try? await Task.sleep(for: min(rest, left))) != nil else { break }
        }
        return ContinuousClock.now - arrival
    }

    /// Linux (`Documentation/scheduler/sched-stats.rst`, "/proc/<pid>/schedstat"): for each thread the nanoseconds it ran,
    /// the nanoseconds it waited to run, and a count.
    static func account() -> GivingWay.Account? {
        let tasks = "/proc/self/task"
        guard let threads = try? FileManager.default.contentsOfDirectory(atPath: tasks) else { return nil }
        var account = GivingWay.Account(ran: .zero, waited: .zero)
        var isKept = false
        for thread in threads {
            // A thread may have ended meanwhile.
            guard let text = try? String(contentsOfFile: "\(tasks)/\(thread)/schedstat", encoding: .utf8) else {
                continue
            }
            let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Int64($0) }
            guard numbers.count >= 2 else { continue }
            account.ran += .nanoseconds(numbers[0])
            account.waited += .nanoseconds(numbers[1])
            isKept = true
        }
        return isKept ? account : nil
    }
}
