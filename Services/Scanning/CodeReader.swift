import Contracts
import Foundation
import TicketCode

/// Verifies scanned codes with the keys of their occurrences: a signature first, and only then any look at a ticket.
struct CodeReader {
    let organizationID: OrganizationID
    let occurrences: OccurrenceStore

    /// A code and the occurrence at whose gate it was shown.
    struct Attempt {
        let code: String
        let occurrence: GateOccurrence
    }

    /// What each code proves, in the order given.
    func read(_ attempts: [Attempt]) throws -> [ScannedCode] {
        var keys = KeyRing()
        let verifications = try attempts.map { try keys.key(of: $0.occurrence).verify($0.code) }
        let foreign = verifications.compactMap { verification -> TicketCode? in
            if case .otherOccurrence(let code) = verification { code } else { nil }
        }
        let others = try candidates(for: foreign)
        return try zip(attempts, verifications).map { attempt, verification in
            switch verification {
            case .valid(let ticketID, let revision): return .ticket(TicketID(ticketID), revision: Int(revision))
            case .malformed, .forged: return .unknown
            case .otherOccurrence(let code):
                for occurrence in others[Data(code.occurrenceTag)] ?? [] {
                    if case .valid(let ticketID, _) = try keys.key(of: occurrence).verify(attempt.code) {
                        return .otherOccurrence(TicketID(ticketID))
                    }
                }
                return .unknown
            }
        }
    }

    /// The organisation's occurrences that the codes may belong to. A tag is short, so that it may name several.
    private func candidates(for codes: [TicketCode]) throws -> [Data: [GateOccurrence]] {
        guard !codes.isEmpty else { return [:] }
        let tags = Set(codes.map { Data($0.occurrenceTag) })
        return Dictionary(
            grouping: try occurrences.find(tagged: Array(tags), organizationID: organizationID), by: \.codeTag)
    }

    /// Keys that were made in this batch: making one is cheap, but not free.
    private struct KeyRing {
        private var keys: [OccurrenceID: TicketVerifyingKey] = [:]

        mutating func key(of occurrence: GateOccurrence) throws -> TicketVerifyingKey {
            if let key = keys[occurrence.id] { return key }
            let key = try TicketVerifyingKey(
                publicKey: Array(occurrence.publicKey), occurrenceID: occurrence.id.rawValue)
            keys[occurrence.id] = key
            return key
        }
    }
}
