import Contracts
import Foundation
import TicketCode

/// Tells what scanned codes prove: one that came with its ticket's order by its hash, any other by its signature, with the
/// key of its occurrence.
struct CodeReader {
    let organizationID: OrganizationID
    let occurrences: OccurrenceStore
    /// What the index knows of the tickets that the codes name.
    let tickets: [TicketID: GateTicket]

    /// A code as it was shown, and the occurrence at whose gate that was.
    struct Attempt {
        /// Nil for what is no code at all.
        let code: TicketCode?
        let occurrence: GateOccurrence
    }

    /// What each code proves, in the order given.
    func read(_ attempts: [Attempt]) throws -> [ScannedCode] {
        var keys = KeyRing()
        let verifications = try attempts.map { try verify($0, &keys) }
        let foreign = verifications.compactMap { verification -> TicketCode? in
            if case .otherOccurrence(let code) = verification { code } else { nil }
        }
        let others = try candidates(for: foreign)
        return try verifications.map { verification in
            switch verification {
            case .valid(let ticketID, let revision): return .ticket(TicketID(ticketID), revision: Int(revision))
            case .malformed, .forged: return .unknown
            case .otherOccurrence(let code):
                for occurrence in others[Data(code.occurrenceTag)] ?? [] {
                    if case .valid(let ticketID, _) = try keys.key(of: occurrence).verify(code) {
                        return .otherOccurrence(TicketID(ticketID))
                    }
                }
                return .unknown
            }
        }
    }

    /// Comparing hashes costs a hundredth of what a signature does, and proves the same: only the genuine code has the
    /// hash of the genuine code.
    private func verify(_ attempt: Attempt, _ keys: inout KeyRing) throws -> TicketCodeVerification {
        guard let code = attempt.code else { return .malformed }
        if let issued = tickets[TicketID(code.ticketID)]?.issuedCode, issued.occurrenceID == attempt.occurrence.id,
            issued.hash == Data(code.hash)
        {
            return .valid(ticketID: code.ticketID, revision: code.revision)
        }
        return try keys.key(of: attempt.occurrence).verify(code)
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
