/// The gates: tickets go in one after the other, then out, then in again. One scan in ten is of a ticket that has just
/// passed, one in a hundred of a forged code.
final class Scans: Workload {
    private enum Kind: Int {
        case first, again, forged
    }

    private static let againShare = 0.10
    private static let forgedShare = 0.01
    /// Tickets that have passed lately, from which those that come again are drawn.
    private static let lately = 1000

    private let head: [UInt8]
    private let occurrenceID: String
    private let codes: [String]
    private var generator: SeededGenerator
    /// How many tickets have gone through, in all rounds.
    private var passed = 0
    /// Who was let through, in a ring: the number of the passage.
    private var recent: [Int] = []
    private var recentCount = 0

    init(_ sale: Shop.Sale, codes: [String], seed: UInt64) {
        head = Array(
            ("POST /v1/scans HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(sale.key)\r\n"
                + "Content-Type: application/json\r\nContent-Length: ").utf8)
        occurrenceID = sale.occurrenceID
        self.codes = codes
        generator = SeededGenerator(seed: seed)
    }

    func next(tag: inout Int) -> [UInt8]? {
        let draw = Double.random(in: 0..<1, using: &generator)
        var kind = Kind.first
        var passage = passed
        if draw < Self.forgedShare {
            kind = .forged
        } else if draw < Self.forgedShare + Self.againShare, let earlier = recent.randomElement(using: &generator) {
            kind = .again
            passage = earlier
        } else {
            passed += 1
        }
        tag = passage << 2 | kind.rawValue
        var code = codes[passage % codes.count]
        if kind == .forged { code = Self.forge(code) }
        let body =
            #"{"id":"\#(String(decoding: generator.uuid(), as: UTF8.self))","occurrence_id":"\#(occurrenceID)","#
            + #""code":"\#(code)","direction":"\#(isWayIn(passage) ? "in" : "out")"}"#
        var request = head
        request += "\(body.utf8.count)\r\n\r\n\(body)".utf8
        return request
    }

    func judge(_ reply: Reply, tag: Int) -> Outcome {
        guard reply.status == 200, let result = reply.member("result") else {
            return Outcome(name: reply.problem, counts: false, isExpected: false)
        }
        let passage = tag >> 2
        let expected =
            switch Kind(rawValue: tag & 3) {
            case .first: isWayIn(passage) ? "admitted" : "exited"
            case .again: isWayIn(passage) ? "already_admitted" : "not_inside"
            case .forged, nil: "unknown_code"
            }
        if tag & 3 == Kind.first.rawValue { remember(passage) }
        return Outcome(name: result, counts: true, isExpected: result == expected)
    }

    private func isWayIn(_ passage: Int) -> Bool { passage / codes.count % 2 == 0 }

    private func remember(_ passage: Int) {
        if recent.count < Self.lately { recent.append(passage) } else { recent[recentCount % Self.lately] = passage }
        recentCount += 1
    }

    /// The code with another letter in its signature, as somebody would try who has seen a ticket.
    private static func forge(_ code: String) -> String {
        var letters = Array(code)
        let place = letters.count - 20
        letters[place] = letters[place] == "A" ? "B" : "A"
        return String(letters)
    }
}
