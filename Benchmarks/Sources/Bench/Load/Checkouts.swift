/// Buyers: each wants one to five tickets of one of the sales, pays at once, and waits until the checkout has settled.
/// Whoever is told to come back later does so, with the same request under the same key.
final class Checkouts: Workload {
    /// The outcome of a try that is to be made again later: no order, and no failure either, because the platform may
    /// let in no more buyers than it can serve.
    static let comeBack = "rate-limited"

    /// The request in two parts, around the idempotency key, with the body's unchanging part.
    private struct Template {
        let head: [UInt8]
        let bodyBegin: String
    }

    private let templates: [Template]
    private let allowsSoldOut: Bool
    private var generator: SeededGenerator
    private var buyer = 0

    /// Whether the codes of the tickets are kept, for the gates.
    var keepsCodes = false
    private(set) var codes: [String] = []
    /// How many buyers come at most.
    var limit = Int.max
    /// Tickets of each order; drawn from ``OrderSizes`` unless set.
    var quantity: Int?

    /// - Parameter allowsSoldOut: whether there are more buyers than places.
    init(_ sales: [Shop.Sale], allowsSoldOut: Bool = false, seed: UInt64) {
        templates = sales.map { sale in
            Template(
                head: Array(
                    ("POST /v1/checkouts HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(sale.key)\r\n"
                        + "Content-Type: application/json\r\nPrefer: wait=30\r\nIdempotency-Key: ").utf8),
                bodyBegin:
                    #"{"occurrence_id":"\#(sale.occurrenceID)","payment":{"provider":"sandbox","token":"tok_ok"},"#
                    + #""items":[{"ticket_type_id":"\#(sale.ticketTypeID)","quantity":"#)
        }
        self.allowsSoldOut = allowsSoldOut
        generator = SeededGenerator(seed: seed)
    }

    func next(tag: inout Int) -> [UInt8]? {
        guard buyer < limit else { return nil }
        let template = templates[Int.random(in: 0..<templates.count, using: &generator)]
        tag = quantity ?? OrderSizes.draw(&generator)
        buyer += 1
        let body =
            "\(template.bodyBegin)\(tag)}],\"buyer\":{\"email\":\"buyer\(buyer)@example.org\",\"given_name\":\"Ada\"}}"
        var request = template.head
        request += generator.uuid()
        request += "\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8
        return request
    }

    func judge(_ reply: Reply, tag: Int) -> Outcome {
        guard (200..<300).contains(reply.status) else {
            let slug = reply.problem
            if slug == Self.comeBack {
                return Outcome(name: slug, counts: false, isExpected: true, retryAfter: reply.retryAfter ?? 1)
            }
            return Outcome(name: slug, counts: false, isExpected: allowsSoldOut && slug == "sold-out")
        }
        let state = reply.member("state") ?? "no state"
        guard state == "completed" else {
            return Outcome(name: state, counts: false, isExpected: allowsSoldOut && state == "sold_out")
        }
        if keepsCodes { codes += reply.texts(after: #""code":""#) }
        return Outcome(name: state, counts: true, isExpected: true, tickets: tag)
    }
}
