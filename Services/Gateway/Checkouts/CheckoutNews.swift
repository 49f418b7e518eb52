import Contracts
import Foundation
import Messaging

/// Takes the changes of all checkouts of the platform, most of which nobody in this process waits for, or not yet: those
/// are not decoded.
struct CheckoutNews: Sendable {
    let watch: CheckoutWatch
    let answers: AnswerCache
    let availability: AvailabilityLookup

    /// - Parameters:
    ///   - envelope: its correlation is the checkout.
    ///   - body: a ``CheckoutProgressed`` as it came.
    func hear(_ envelope: Envelope, _ body: [UInt8]) throws {
        watch.noteNews()
        guard let organizationID = envelope.organizationID else { return }
        if let occurrenceID = Self.occurrenceID(in: body) {
            answers.outdate(availabilityOf: occurrenceID, of: organizationID)
            if Self.names(Self.givingBack, body) { availability.expectMore(occurrenceID, of: organizationID) }
        }
        if let id = envelope.correlationID {
            guard let interest = watch.interest(in: CheckoutID(id), of: organizationID) else { return }
            if interest == .settled, Self.names(Self.underWay, body) { return }
        }
        let progressed = try MessageCodec.decode(CheckoutProgressed.self, from: body)
        watch.publish(progressed.checkout, of: organizationID)
    }

    // What JSON says between quotes cannot be mistaken for a member: quotes inside of it are escaped.

    private static let stateMember = Array("\"state\":\"".utf8)
    private static let occurrenceMember = Array("\"occurrence_id\":\"".utf8)
    private static let underWay = texts(CheckoutState.allCases.filter { !$0.isSettled })
    /// The states in which a checkout has no places any more that it may have had.
    private static let givingBack = texts([.canceled, .expired, .refunded])
    private static let idLength = 36

    private static func texts(_ states: [CheckoutState]) -> [[UInt8]] { states.map { Array("\($0.rawValue)\"".utf8) } }

    /// Whether the body names one of the states. A payment has a state, too, but none of these.
    private static func names(_ states: [[UInt8]], _ body: [UInt8]) -> Bool {
        var position = 0
        while let start = end(of: stateMember, in: body, from: position) {
            if states.contains(where: { body[start...].starts(with: $0) }) { return true }
            position = start
        }
        return false
    }

    private static func occurrenceID(in body: [UInt8]) -> OccurrenceID? {
        guard let start = end(of: occurrenceMember, in: body), start + idLength <= body.count else { return nil }
        return OccurrenceID(String(decoding: body[start..<start + idLength], as: UTF8.self))
    }

    /// Where a text ends that the body contains.
    private static func end(of text: [UInt8], in body: [UInt8], from position: Int = 0) -> Int? {
        body.withUnsafeBytes { body in
            text.withUnsafeBytes { text in
                guard let searched = body.baseAddress, let wanted = text.baseAddress,
                    text.count <= body.count - position
                else { return nil }
                // The second byte is a rarer one than the quote.
                for start in position...body.count - text.count where body[start + 1] == text[1] {
                    if memcmp(searched + start, wanted, text.count) == 0 { return start + text.count }
                }
                return nil
            }
        }
    }
}
