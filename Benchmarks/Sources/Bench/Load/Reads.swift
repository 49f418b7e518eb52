/// People who look: two of three at what is left of an occurrence, the third at its event.
final class Reads: Workload {
    private let requests: [[UInt8]]
    private var generator: SeededGenerator

    init(_ sales: [Shop.Sale], seed: UInt64) {
        requests = sales.flatMap { sale in
            let headers = ["Authorization: Bearer \(sale.key)"]
            let availability = HTTPRequest.bytes(
                "GET", "/v1/occurrences/\(sale.occurrenceID)/availability", headers: headers)
            return [
                availability, availability, HTTPRequest.bytes("GET", "/v1/events/\(sale.eventID)", headers: headers),
            ]
        }
        generator = SeededGenerator(seed: seed)
    }

    func next(tag: inout Int) -> [UInt8]? {
        requests[Int.random(in: 0..<requests.count, using: &generator)]
    }

    func judge(_ reply: Reply, tag: Int) -> Outcome {
        guard reply.status == 200 else {
            return Outcome(name: reply.problem, counts: false, isExpected: false)
        }
        return Outcome(name: "read", counts: true, isExpected: true)
    }
}
