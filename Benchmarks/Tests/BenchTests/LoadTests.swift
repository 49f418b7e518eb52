import Testing

@testable import Bench

@Suite("The load")
struct LoadTests {
    @Test("A Poisson process has the rate that was asked for, and the seed decides it")
    func arrivals() {
        var first = SeededGenerator(seed: 7)
        var second = SeededGenerator(seed: 7)
        let waits = (0..<100_000).map { _ in first.wait(rate: 250) }
        #expect(waits.prefix(100) == (0..<100).map { _ in second.wait(rate: 250) }.prefix(100))
        let mean = waits.reduce(0, +) / Double(waits.count)
        #expect(abs(mean - 0.004) < 0.0001)
        // A Poisson process waits as irregularly as its mean is long.
        let variance = waits.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(waits.count)
        #expect(abs(variance.squareRoot() - mean) < 0.0002)
    }

    @Test("Orders have one to five tickets, as often as in the sale they come from")
    func orderSizes() {
        var generator = SeededGenerator(seed: 1)
        let sizes = (0..<100_000).map { _ in OrderSizes.draw(&generator) }
        #expect(Set(sizes) == [1, 2, 3, 4, 5])
        let mean = Double(sizes.reduce(0, +)) / Double(sizes.count)
        #expect(abs(mean - OrderSizes.mean) < 0.02)
    }

    @Test("What is to be sent again comes when it is due, in that order")
    func retries() {
        var generator = SeededGenerator(seed: 3)
        var queue = RetryQueue()
        let dues = (0..<500).map { _ in UInt64.random(in: 1...1000, using: &generator) }
        for due in dues { queue.insert(.init(request: [], tag: 0, due: due, firstStart: 0, tries: 1)) }
        var popped: [UInt64] = []
        while let retry = queue.popDue(at: 500) { popped.append(retry.due) }
        #expect(popped == dues.filter { $0 <= 500 }.sorted())
        #expect(queue.nextDue == dues.filter { $0 > 500 }.min())
        #expect(queue.count == dues.count - popped.count)
    }

    @Test("Ids are UUIDs of version 4, and never the same")
    func ids() {
        var generator = SeededGenerator(seed: 1)
        let ids = (0..<1000).map { _ in String(decoding: generator.uuid(), as: UTF8.self) }
        #expect(Set(ids).count == ids.count)
        #expect(
            ids.allSatisfy {
                $0.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil
            })
    }
}
