import Contracts
import Foundation
import Messaging
import Postgres

/// Decides and stores scans of one organisation that arrived together.
///
/// A scan's id answers once and for all: whoever uses it first, on whichever process, decides what everybody hears.
struct ScanRecorder {
    let transaction: PostgresTransaction
    let organizationID: OrganizationID
    let now: Timestamp

    /// Answers each draft, in the order given.
    func record(_ drafts: [ScanDraft]) throws -> [Answer<ScanAnswer>] {
        // A lost race makes one more answer known, so that this ends after one round for each id at the latest.
        for _ in 0...drafts.count {
            if let answers = try attempt(drafts) { return answers }
        }
        throw Problem(.unavailable, "Too many scanners use the same scan ids.", retryAfterSeconds: 1)
    }

    /// - Returns: nil when another process used one of the ids meanwhile; nothing is stored then.
    private func attempt(_ drafts: [ScanDraft]) throws -> [Answer<ScanAnswer>]? {
        let scans = ScanStore(transaction: transaction)
        let ids = Array(Set(drafts.map(\.id)))
        var answers = try scans.answers(to: ids, organizationID: organizationID).mapValues { Answer($0) }

        // The first draft with a new id counts; the same id again in the batch gets its answer.
        var claimed = Set(answers.keys)
        var genuine: [Candidate] = []
        let fresh = drafts.filter { claimed.insert($0.id).inserted }
        let occurrences = try OccurrenceStore(transaction: transaction).find(
            Array(Set(fresh.map(\.occurrenceID))), organizationID: organizationID)
        for draft in fresh {
            if let problem = draft.problem(at: now) {
                answers[draft.id] = Answer(refusing: problem)
            } else if let occurrence = occurrences[draft.occurrenceID] {
                genuine.append(Candidate(draft: draft, occurrence: occurrence))
            } else {
                answers[draft.id] = Answer(refusing: .notFound("occurrence"))
            }
        }

        let decided = try decide(genuine)
        guard try scans.add(decided.scans, organizationID: organizationID, at: now) else { return nil }
        try TicketStore(transaction: transaction).update(decided.moved, organizationID: organizationID)
        for scan in decided.scans {
            answers[scan.draft.id] = Answer(scan.answer, causing: Effects(scan.event))
        }
        return Self.answers(to: drafts, from: answers)
    }

    private func decide(_ candidates: [Candidate]) throws -> (scans: [DecidedScan], moved: [GateTicket]) {
        let reader = CodeReader(organizationID: organizationID, occurrences: OccurrenceStore(transaction: transaction))
        let codes = try reader.read(
            candidates.map { CodeReader.Attempt(code: $0.draft.code, occurrence: $0.occurrence) })
        var tickets = try TicketStore(transaction: transaction).lock(
            proofs(candidates, codes), organizationID: organizationID)
        var moved: Set<TicketID> = []

        let scans = zip(candidates, codes).map { candidate, code -> DecidedScan in
            guard case .ticket(let ticketID, let revision) = code, var ticket = tickets[ticketID] else {
                return candidate.turnedAway(code, at: now)
            }
            let decision = AdmissionRule.decide(
                candidate.draft.direction, with: ticket.presence, codeRevision: revision,
                in: candidate.occurrence.window, at: candidate.draft.scannedAt ?? now)
            let hasPassed = decision.ticket.movements != ticket.presence.movements
            if decision.ticket != ticket.presence {
                ticket.presence = decision.ticket
                tickets[ticketID] = ticket
                moved.insert(ticketID)
            }
            return candidate.decided(decision, ticket, hasPassed: hasPassed, at: now)
        }
        return (scans, moved.compactMap { tickets[$0] })
    }

    private func proofs(_ candidates: [Candidate], _ codes: [ScannedCode]) -> [TicketStore.Proof] {
        var proofs: [TicketID: TicketStore.Proof] = [:]
        for (candidate, code) in zip(candidates, codes) {
            guard case .ticket(let ticketID, let revision) = code,
                revision >= proofs[ticketID]?.revision ?? 0
            else { continue }
            proofs[ticketID] = TicketStore.Proof(
                ticketID: ticketID, occurrenceID: candidate.occurrence.id, revision: revision)
        }
        return Array(proofs.values)
    }

    /// A repeated id gets the answer of the first, but what the first caused is caused once.
    private static func answers(
        to drafts: [ScanDraft], from known: [ScanID: Answer<ScanAnswer>]
    ) -> [Answer<ScanAnswer>] {
        var known = known
        return drafts.compactMap { draft in
            guard let answer = known[draft.id] else { return nil }
            if case .success(let reply) = answer.reply { known[draft.id] = Answer(reply) }
            return answer
        }
    }

    /// A draft at a gate that exists.
    private struct Candidate {
        let draft: ScanDraft
        let occurrence: GateOccurrence

        func turnedAway(_ code: ScannedCode, at now: Timestamp) -> DecidedScan {
            var ticketID: TicketID?
            if case .otherOccurrence(let id) = code { ticketID = id }
            let answer = ScanAnswer(
                id: draft.id, result: ticketID == nil ? .unknownCode : .wrongOccurrence,
                scannedAt: draft.scannedAt ?? now)
            return DecidedScan(
                draft: draft, answer: answer, ticketID: ticketID, orderID: nil, ticketTypeID: nil, movement: nil,
                isFirstAdmission: false)
        }

        func decided(
            _ decision: AdmissionRule.Decision, _ ticket: GateTicket, hasPassed: Bool, at now: Timestamp
        ) -> DecidedScan {
            let answer = ScanAnswer(
                id: draft.id, result: decision.result, ticket: ticket.shown,
                firstAdmittedAt: decision.ticket.firstAdmittedAt, scannedAt: draft.scannedAt ?? now)
            return DecidedScan(
                draft: draft, answer: answer, ticketID: ticket.id, orderID: ticket.orderID,
                ticketTypeID: ticket.ticketTypeID, movement: hasPassed ? decision.ticket.movements : nil,
                isFirstAdmission: decision.isFirstAdmission)
        }
    }
}
