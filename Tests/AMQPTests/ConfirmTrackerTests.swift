import Testing

@testable import AMQP

@Suite("Confirm tracker")
struct ConfirmTrackerTests {
    private let start = ContinuousClock.now

    private func tracker(publishing count: Int) -> ConfirmTracker {
        var tracker = ConfirmTracker()
        for index in 0..<count {
            tracker.published(
                message("m\(index)"), batch: 7, index: index, at: start + .milliseconds(index))
        }
        return tracker
    }

    private func message(_ id: String, routingKey: String = "k") -> AMQPMessage {
        AMQPMessage(exchange: "e", routingKey: routingKey, properties: AMQPProperties(messageID: id), body: [])
    }

    private func returned(_ id: String, routingKey: String = "k") -> AMQPReturn {
        AMQPReturn(
            replyCode: 312, replyText: "NO_ROUTE", exchange: "e", routingKey: routingKey,
            properties: AMQPProperties(messageID: id))
    }

    @Test("An ack with multiple confirms everything up to its number")
    func multiple() throws {
        var tracker = tracker(publishing: 5)
        let outcomes = try tracker.acknowledged(tag: 3, multiple: true)
        #expect(outcomes.map(\.index) == [0, 1, 2])
        #expect(outcomes.allSatisfy { $0.batch == 7 && $0.result.isConfirmed })
        #expect(tracker.unconfirmedCount == 2)
        let rest = try tracker.acknowledged(tag: 0, multiple: true)
        #expect(rest.map(\.index) == [3, 4])
        #expect(tracker.oldestPublishedAt == nil)
    }

    @Test("Acks out of order settle each message once, and the oldest one stays the oldest")
    func outOfOrder() throws {
        var tracker = tracker(publishing: 4)
        let second = try tracker.acknowledged(tag: 2, multiple: false)
        #expect(second.map(\.index) == [1])
        #expect(tracker.oldestPublishedAt == start)
        let secondAgain = try tracker.acknowledged(tag: 2, multiple: false)
        #expect(secondAgain.isEmpty)
        let first = try tracker.acknowledged(tag: 1, multiple: false)
        #expect(first.map(\.index) == [0])
        #expect(tracker.oldestPublishedAt == start + .milliseconds(2))
        let rest = try tracker.acknowledged(tag: 4, multiple: true)
        #expect(rest.map(\.index) == [2, 3])
    }

    @Test("A return makes the ack that covers the message mean unroutable, and no other")
    func returnThenAck() throws {
        var tracker = tracker(publishing: 3)
        try tracker.returned(returned("m1"))
        let outcomes = try tracker.acknowledged(tag: 3, multiple: true)
        #expect(outcomes.map(\.result.isConfirmed) == [true, false, true])
        guard case .unroutable(let code, let text) = outcomes[1].result else {
            Issue.record("the returned message is reported as \(outcomes[1].result)")
            return
        }
        #expect(code == 312)
        #expect(text == "NO_ROUTE")
    }

    @Test("Two messages with one id are told apart by their routing key, and else by their age")
    func sameID() throws {
        var tracker = ConfirmTracker()
        for (index, key) in ["a", "b", "b"].enumerated() {
            tracker.published(message("same", routingKey: key), batch: 1, index: index, at: start)
        }
        try tracker.returned(returned("same", routingKey: "b"))
        let outcomes = try tracker.acknowledged(tag: 3, multiple: true)
        #expect(outcomes.map(\.result.isConfirmed) == [true, false, true])
    }

    @Test("A return that fits no message is a protocol violation, because some message was dropped")
    func strayReturn() {
        var tracker = tracker(publishing: 1)
        #expect(throws: AMQPError.self) { try tracker.returned(returned("other")) }
    }

    @Test("A nack refuses what it covers")
    func nack() throws {
        var tracker = tracker(publishing: 2)
        let outcomes = try tracker.refused(tag: 2, multiple: true)
        #expect(outcomes.count == 2)
        for outcome in outcomes {
            guard case .nacked = outcome.result else {
                Issue.record("a nacked message is reported as \(outcome.result)")
                continue
            }
        }
    }

    @Test("A confirm for a message that was never published is a protocol violation")
    func strayConfirm() {
        var tracker = tracker(publishing: 1)
        #expect(throws: AMQPError.self) { try tracker.acknowledged(tag: 2, multiple: false) }
        #expect(throws: AMQPError.self) { try tracker.acknowledged(tag: 2, multiple: true) }
    }

    @Test("Expiry gives up what is too old, and a late confirm for it is skipped")
    func expiry() throws {
        var tracker = tracker(publishing: 3)
        let error = AMQPError(.blocked, "test")
        let expired = tracker.expire(publishedUntil: start + .milliseconds(1), error: error)
        #expect(expired.map(\.index) == [0, 1])
        #expect(expired.allSatisfy { $0.result.error?.code == .blocked })
        let late = try tracker.acknowledged(tag: 3, multiple: true)
        #expect(late.map(\.index) == [2])
    }
}
