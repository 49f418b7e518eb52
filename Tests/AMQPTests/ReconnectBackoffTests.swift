import Testing

@testable import AMQP

@Suite("Reconnect backoff")
struct ReconnectBackoffTests {
    @Test("The limit doubles up to the maximum, and starts over after a success")
    func limits() {
        var backoff = ReconnectBackoff(maximum: .seconds(1))
        var generator = SeededGenerator(seed: 1)
        var limits: [Duration] = []
        for _ in 0..<5 {
            limits.append(backoff.limit)
            _ = backoff.next(using: &generator)
        }
        #expect(
            limits == [
                .milliseconds(200), .milliseconds(400), .milliseconds(800), .seconds(1), .seconds(1),
            ])
        backoff.reset()
        #expect(backoff.limit == .milliseconds(200))
    }

    @Test("Pauses are spread over the whole range below the limit")
    func jitter() {
        var generator = SeededGenerator(seed: 2)
        var quarters: Set<Int> = []
        for _ in 0..<100 {
            var backoff = ReconnectBackoff(maximum: .seconds(1))
            let pause = backoff.next(using: &generator)
            #expect(pause >= .zero && pause <= .milliseconds(200))
            quarters.insert(min(3, Int(pause / .milliseconds(50))))
        }
        #expect(quarters == [0, 1, 2, 3])
    }

    @Test("Thousands of attempts do not overflow")
    func manyAttempts() {
        var backoff = ReconnectBackoff(maximum: .seconds(5))
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<5000 {
            let pause = backoff.next(using: &generator)
            #expect(pause <= .seconds(5))
        }
    }
}
