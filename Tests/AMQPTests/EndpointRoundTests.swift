import Testing

@testable import AMQP

@Suite("Endpoint round")
struct EndpointRoundTests {
    private let endpoints = (1...3).map { AMQPEndpoint(host: "node\($0)", port: 5672) }

    @Test("All endpoints take their turn")
    func turns() {
        var generator = SeededGenerator(seed: 1)
        var round = EndpointRound(endpoints, using: &generator)
        var seen: Set<String> = []
        for _ in endpoints {
            seen.insert(round.current.host)
            round.advance(after: AMQPError(.watchdog, "silent"))
        }
        #expect(seen.count == endpoints.count)
    }

    @Test("A node that refused a message is asked again, and no other failure keeps the turn")
    func refused() {
        var generator = SeededGenerator(seed: 2)
        var round = EndpointRound(endpoints, using: &generator)
        let first = round.current
        round.advance(after: AMQPError(.nacked, "refused"))
        #expect(round.current == first)
        round.advance(after: AMQPError(.connectionClosed, "closed", replyCode: 541))
        #expect(round.current != first)
    }
}
