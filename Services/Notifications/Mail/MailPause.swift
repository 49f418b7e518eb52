import Foundation
import Synchronization

/// Where mails give way: whoever buys comes before whoever is mailed.
final class MailPause: Sendable {
    /// What one mail gives way at most, so that some leave even in a rush that lasts.
    static let patience = Duration.seconds(10)

    private let givingWay = Mutex(GivingWay())
    private let start = ContinuousClock.now

    /// Returns when a mail may begin.
    func wait() async {
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            let rest = givingWay.withLock { $0.pause(at: ContinuousClock.now - start, Self.account) }
            guard rest > .zero else { return }
            // Whoever is cancelled goes on at once, and ends where it notices.
            guard (try? await Task.sleep(for: rest)) != nil else { return }
        }
    }

    /// Linux (`Documentation/scheduler/sched-stats.rst`, "/proc/<pid>/schedstat"): for each thread the nanoseconds it ran,
    /// the nanoseconds it waited to run, and a count.
    private static func account() -> GivingWay.Account? {
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
