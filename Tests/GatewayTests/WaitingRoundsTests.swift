import Synchronization
import Testing

@testable import Gateway

@Suite("Requests that wait")
struct WaitingRoundsTests {
    @Test("Each wait is polled in its rhythm and ended when its time is up, and one that has left is neither")
    func rounds() async throws {
        let rounds = WaitingRounds()
        let polls = Mutex<[Int]>([])
        let left = Mutex(0)
        let (ends, ended) = AsyncStream<Void>.makeStream()
        let leaver = rounds.join(until: .now, every: .zero) { _ in
            left.withLock { $0 += 1 }
        } ended: {
            left.withLock { $0 += 1 }
        }
        rounds.leave(leaver)
        _ = rounds.join(until: .now + .milliseconds(400), every: .milliseconds(60)) { count in
            polls.withLock { $0.append(count) }
        } ended: {
            ended.yield()
        }
        for await _ in ends { break }
        let counts = polls.withLock { $0.sorted() }
        #expect(counts == Array((1...6).prefix(counts.count)))
        #expect(left.withLock { $0 } == 0)

        // After everybody has gone it begins anew.
        _ = rounds.join(until: .now, every: .seconds(1)) { _ in
        } ended: {
            ended.yield()
        }
        for await _ in ends { break }
    }
}
