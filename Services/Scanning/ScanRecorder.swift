import Contracts
import Foundation
import Messaging
import Postgres
import TicketCode

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
        let codes = drafts.map { TicketCode($0.code) }
        let known = try read(drafts, codes)
        var answers = known.answers.mapValues { Answer($0) }

        // The first draft with a new id counts; the same id again in the batch gets its answer.
        var claimed = Set(answers.keys)
        var candidates: [Candidate] = []
        for (draft, code) in zip(drafts, codes) where claimed.insert(draft.id).inserted {
            if let problem = draft.problem(at: now) {
                answers[draft.id] = Answer(refusing: problem)
            } else if let occurrence = known.occurrences[draft.occurrenceID] {
                candidates.append(Candidate(draft: draft, code: code, occurrence: occurrence))
            } else {
                answers[draft.id] = Answer(refusing: .notFound("occurrence"))
            }
        }

        let decided = try decide(candidates, known.tickets)
        let scans = ScanStore(transaction: transaction)
        guard try scans.add(decided.scans, organizationID: organizationID, at: now) else {
            try transaction.write(Self.undo)
            return nil
        }
        try TicketStore(transaction: transaction).update(decided.moved, organizationID: organizationID)
        for scan in decided.scans {
            answers[scan.draft.id] = Answer(
                scan.answer, encoded: scan.encodedAnswer, causing: Effects(scan.event))
        }
        return Self.answers(to: drafts, from: answers)
    }

    /// What is known of a batch before anything is decided.
    private struct Known {
        let answers: [ScanID: ScanAnswer]
        let occurrences: [OccurrenceID: GateOccurrence]
        /// Those of the index that the codes name, whether these are genuine or not. They are locked.
        let tickets: [TicketID: GateTicket]
    }

    /// Gives back the locks of an attempt, with whatever it wrote.
    private static let undo: PostgresQuery = "ROLLBACK TO SAVEPOINT attempt"

    /// Reads all of it in one round trip.
    private func read(_ drafts: [ScanDraft], _ codes: [TicketCode?]) throws -> Known {
        try transaction.write("SAVEPOINT attempt")
        let rows = try transaction.pipeline([
            ScanStore.answersQuery(Array(Set(drafts.map(\.id))), organizationID: organizationID),
            OccurrenceStore.query(Array(Set(drafts.map(\.occurrenceID))), organizationID: organizationID),
            TicketStore.lockQuery(
                Array(Set(codes.compactMap { $0.map { TicketID($0.ticketID) } })), organizationID: organizationID),
        ])
        return Known(
            answers: try ScanStore.answers(in: rows[0]), occurrences: try OccurrenceStore.occurrences(in: rows[1]),
            tickets: try TicketStore.tickets(in: rows[2]))
    }

    private func decide(
        _ candidates: [Candidate], _ known: [TicketID: GateTicket]
    ) throws -> (scans: [DecidedScan], moved: [GateTicket]) {
        let reader = CodeReader(
            organizationID: organizationID, occurrences: OccurrenceStore(transaction: transaction), tickets: known)
        let codes = try reader.read(
            candidates.map { CodeReader.Attempt(code: $0.code, occurrence: $0.occurrence) })
        var tickets = known
        let proofs = proofs(candidates, codes)
        if proofs.contains(where: { known[$0.ticketID] == nil }) {
            // Orders and other batches come to new tickets and known ones in one order: so must this one.
            try transaction.write(Self.undo)
            tickets = try TicketStore(transaction: transaction).lockOrAdd(proofs, organizationID: organizationID)
        }
        var moved: Set<TicketID> = []

        let scans = try zip(candidates, codes).map { candidate, code -> DecidedScan in
            guard case .ticket(let ticketID, let revision) = code, var ticket = tickets[ticketID] else {
                return try candidate.turnedAway(code, at: now)
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
            return try candidate.decided(decision, ticket, hasPassed: hasPassed, at: now)
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
        let code: TicketCode?
        let occurrence: GateOccurrence

        func turnedAway(_ code: ScannedCode, at now: Timestamp) throws -> DecidedScan {
            var ticketID: TicketID?
            if case .otherOccurrence(let id) = code { ticketID = id }
            let answer = ScanAnswer(
                id: draft.id, result: ticketID == nil ? .unknownCode : .wrongOccurrence,
                scannedAt: draft.scannedAt ?? now)
            return try DecidedScan(draft: draft, answer: answer, ticketID: ticketID)
        }

        func decided(
            _ decision: AdmissionRule.Decision, _ ticket: GateTicket, hasPassed: Bool, at now: Timestamp
        ) throws -> DecidedScan {
            let answer = ScanAnswer(
                id: draft.id, result: decision.result, ticket: ticket.shown,
                firstAdmittedAt: decision.ticket.firstAdmittedAt, scannedAt: draft.scannedAt ?? now)
            return try DecidedScan(
                draft: draft, answer: answer, ticketID: ticket.id, orderID: ticket.orderID,
                ticketTypeID: ticket.ticketTypeID, movement: hasPassed ? decision.ticket.movements : nil,
                isFirstAdmission: decision.isFirstAdmission)
        }
    }
}
