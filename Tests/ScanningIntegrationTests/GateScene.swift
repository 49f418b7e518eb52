import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import TicketCode

@testable import Scanning

/// One occurrence with its signing key, known to a real database, and tickets for it. Its doors open at ``opensAt`` and
/// it ends an hour later.
struct GateScene: Sendable {
    static let opensAt = Timestamp.example
    static let during = opensAt + .seconds(600)
    static let endsAt = opensAt + .seconds(3600)

    let database: ServiceDatabase
    let organizationID: OrganizationID
    let occurrenceID = OccurrenceID(UUID())
    let key: TicketSigningKey

    init(database: ServiceDatabase, organizationID: OrganizationID = OrganizationID(UUID())) throws {
        self.database = database
        self.organizationID = organizationID
        key = try TicketSigningKey(secret: Array(repeating: 7, count: 32), occurrenceID: occurrenceID.rawValue)
    }

    /// An occurrence that the gates know.
    static func with(_ body: @Sendable (GateScene) async throws -> Void) async throws {
        try await ServiceDatabase.with(.scanning, migrations: scanningMigrations) { database in
            let scene = try GateScene(database: database)
            try await scene.publish()
            try await body(scene)
        }
    }

    var occurrence: OccurrenceDetails {
        var occurrence = OccurrenceDetails.example
        occurrence.id = occurrenceID
        occurrence.organizationID = organizationID
        occurrence.startAt = Self.opensAt
        occurrence.admissionOpensAt = Self.opensAt
        occurrence.endAt = Self.endsAt
        occurrence.publicKey = Data(key.publicKey).base64EncodedString()
        return occurrence
    }

    /// Tells the gates of the occurrence, changed in some way.
    func publish(version: Int = 1, _ change: (inout OccurrenceDetails) -> Void = { _ in }) async throws {
        var occurrence = occurrence
        occurrence.version = version
        change(&occurrence)
        try await database.deliver(
            [OccurrenceChanged(occurrence: occurrence, eventStatus: .active)], to: OccurrenceChangedHandler(),
            organizationID: organizationID, at: Self.opensAt)
    }

    func code(_ ticketID: TicketID, revision: UInt16 = 1) throws -> String {
        try key.sign(ticketID: ticketID.rawValue, revision: revision)
    }

    func order(_ ticketIDs: [TicketID], revision: Int = 1) throws -> OrderCompleted {
        var order = OrderCompleted.example
        order.orderID = OrderID(UUID())
        order.organizationID = organizationID
        order.occurrenceID = occurrenceID
        order.tickets = try ticketIDs.map { ticketID in
            var ticket = IssuedTicket.example
            ticket.id = ticketID
            ticket.revision = revision
            ticket.code = try code(ticketID, revision: UInt16(revision))
            return ticket
        }
        return order
    }

    /// Tells the gates that these tickets were sold.
    func sell(_ ticketIDs: TicketID..., revision: Int = 1) async throws {
        try await database.deliver(
            [try order(ticketIDs, revision: revision)], to: OrderCompletedHandler(), organizationID: organizationID,
            at: Self.opensAt)
    }

    /// Tells the gates that these tickets are being refunded.
    func prepareRefund(of ticketIDs: TicketID..., version: Int) async throws {
        var refund = RefundPrepared.example
        refund.organizationID = organizationID
        refund.occurrenceID = occurrenceID
        refund.ticketIDs = ticketIDs
        refund.orderVersion = version
        try await database.deliver(
            [refund, refund], to: RefundPreparedHandler(), organizationID: organizationID, at: Self.opensAt)
    }

    /// Tells the gates that their refund is off.
    func abandonRefund(of ticketIDs: TicketID..., version: Int) async throws {
        var refund = RefundAbandoned.example
        refund.occurrenceID = occurrenceID
        refund.ticketIDs = ticketIDs
        refund.orderVersion = version
        try await database.deliver(
            [refund, refund], to: RefundAbandonedHandler(), organizationID: organizationID, at: Self.opensAt)
    }

    /// Tells the gates that they are refunded.
    func completeRefund(of ticketIDs: TicketID..., version: Int) async throws {
        var refund = OrderRefunded.example
        refund.organizationID = organizationID
        refund.occurrenceID = occurrenceID
        refund.tickets = ticketIDs.map { ticketID in
            var ticket = RefundedTicket.example
            ticket.id = ticketID
            return ticket
        }
        refund.orderVersion = version
        try await database.deliver(
            [refund, refund], to: OrderRefundedHandler(), organizationID: organizationID, at: Self.opensAt)
    }

    func draft(
        _ code: String, id: ScanID = ScanID(UUID()), _ direction: ScanDirection = .in, at time: Timestamp? = nil
    ) -> ScanDraft {
        ScanDraft(id: id, occurrenceID: occurrenceID, code: code, direction: direction, scannedAt: time)
    }

    @discardableResult
    func scan(
        _ drafts: ScanDraft..., as organization: OrganizationID? = nil, at now: Timestamp = during
    ) async throws -> [Answer<ScanAnswer>] {
        try await database.ask(
            drafts.map { RecordScan(scan: $0) }, of: RecordScanHandler(),
            organizationID: organization ?? organizationID, at: now)
    }

    /// The only answer to one draft.
    func answer(_ draft: ScanDraft, at now: Timestamp = during) async throws -> ScanAnswer {
        let answers = try await scan(draft, at: now)
        guard let answer = answers.first else { throw NoAnswer() }
        return try answer.reply.get()
    }

    func results(_ drafts: ScanDraft..., at now: Timestamp = during) async throws -> [ScanResult] {
        let answers = try await database.ask(
            drafts.map { RecordScan(scan: $0) }, of: RecordScanHandler(), organizationID: organizationID, at: now)
        return try answers.map { try $0.reply.get().result }
    }

    func count(_ table: String) async throws -> Int {
        try await database.client.query("SELECT count(*) FROM \(unescaped: table)").decodeOne(Int.self)
    }

    struct NoAnswer: Error {}
}
