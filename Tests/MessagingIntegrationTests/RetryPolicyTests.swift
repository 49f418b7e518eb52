import Messaging
import Testing

/// When a message comes back, and when it does not.
@Suite("Retry policy")
struct RetryPolicyTests {
    @Test("Delays grow, the last one repeats, and after the last failure there is none")
    func delays() {
        let policy = RetryPolicy(delays: [.seconds(1), .seconds(5)], maximumFailures: 4)
        #expect((1...5).map { policy.delay(afterFailures: $0) } == [.seconds(1), .seconds(5), .seconds(5), nil, nil])
        #expect(policy.delay(afterFailures: 0) == .seconds(1))
        #expect(policy.delay(afterFailures: .max) == nil)
    }

    @Test("The standard policy keeps trying for minutes and never rests longer than one")
    func standard() {
        let delays = (1...100).compactMap { RetryPolicy.standard.delay(afterFailures: $0) }
        #expect(delays == delays.sorted())
        #expect(delays.allSatisfy { $0 <= .seconds(60) })
        #expect(delays.reduce(.zero, +) >= .seconds(300))
    }
}
