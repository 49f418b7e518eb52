import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport

@testable import Analytics

/// One occurrence of one organisation in a real database, with everything that reports hear of it.
struct ReportScene: Sendable {
    static let now = Timestamp.example

    let database: ServiceDatabase
    let organizationID = OrganizationID(UUID())
    let eventID = EventID(UUID())
    let occurrenceID = OccurrenceID(UUID())
    let typeID = TicketTypeID(UUID())

    static func with(_ body: @Sendable (ReportScene) async throws -> Void) async throws {
        try await ServiceDatabase.with(.analytics, migrations: analyticsMigrations) { database in
            try await body(ReportScene(database: database))
        }
    }

    func order(_ ticketIDs: [TicketID], priceCents: Int = 2500, currency: Currency = .zar) -> OrderCompleted {
        var order = OrderCompleted.example
        order.orderID = OrderID(UUID())
        order.organizationID = organizationID
        order.eventID = eventID
        order.occurrenceID = occurrenceID
        order.currency = currency
        order.totalCents = priceCents * ticketIDs.count
        order.tickets = ticketIDs.map { ticketID in
            var ticket = IssuedTicket.example
            ticket.id = ticketID
            ticket.ticketTypeID = typeID
            ticket.priceCents = priceCents
            return ticket
        }
        return order
    }

    /// A refund of these tickets, or, with none, of an amount.
    func refund(
        _ ticketIDs: [TicketID], amountCents: Int? = nil, priceCents: Int = 2500, currency: Currency = .zar
    ) -> OrderRefunded {
        var refund = OrderRefunded.example
        refund.refundID = RefundID(UUID())
        refund.organizationID = organizationID
        refund.eventID = eventID
        refund.occurrenceID = occurrenceID
        refund.currency = currency
        refund.amountCents = amountCents ?? priceCents * ticketIDs.count
        refund.tickets = ticketIDs.map {
            RefundedTicket(id: $0, ticketTypeID: typeID, amountCents: priceCents, wasCheckedIn: false)
        }
        return refund
    }

    func admission(
        of ticketID: TicketID, typeIsKnown: Bool = true, isFirst: Bool = true, result: ScanResult = .admitted
    ) -> ScanRecorded {
        ScanRecorded(
            scanID: ScanID(UUID()), occurrenceID: occurrenceID, ticketID: ticketID,
            ticketTypeID: typeIsKnown ? typeID : nil, direction: .in, result: result, isFirstAdmission: isFirst,
            scannedAt: Self.now)
    }

    func occurrenceChanged(version: Int = 1, name: String = "Night of the Proms") -> OccurrenceChanged {
        var occurrence = OccurrenceDetails.example
        occurrence.id = occurrenceID
        occurrence.organizationID = organizationID
        occurrence.eventID = eventID
        occurrence.eventName = name
        occurrence.version = version
        return OccurrenceChanged(occurrence: occurrence, eventStatus: .active)
    }

    func ticketTypeChanged(version: Int = 1, name: String) -> TicketTypeChanged {
        var type = TicketTypeDetails.example
        type.id = typeID
        type.organizationID = organizationID
        type.eventID = eventID
        type.name = name
        type.version = version
        return TicketTypeChanged(ticketType: type)
    }

    func tell<Handler: MessageHandler>(_ handler: Handler, _ bodies: Handler.Body...) async throws {
        try await database.deliver(bodies, to: handler, organizationID: organizationID, at: Self.now)
    }

    /// What an organisation reads: this one's report, or the refusal.
    func report(as reader: OrganizationID? = nil) async throws -> OccurrenceReport {
        let answers = try await database.ask(
            [GetOccurrenceReport(occurrenceID: occurrenceID)], of: GetOccurrenceReportHandler(),
            organizationID: reader ?? organizationID, at: Self.now)
        guard let answer = answers.first else { throw NoAnswer() }
        return try answer.reply.get()
    }

    /// Every counter beside the sum over the facts that it stands for (design, section 2, invariant 5).
    func countersEqualFacts() async throws -> Bool {
        try await database.client.query(
            """
            SELECT
                (SELECT coalesce(sum(tickets_sold), 0) FROM occurrence_reports) = (SELECT count(*) FROM sales)
                AND (SELECT coalesce(sum(checked_in), 0) FROM occurrence_reports) = (SELECT count(*) FROM admissions)
                AND (SELECT coalesce(sum(tickets_sold), 0) FROM occurrence_type_reports)
                    = (SELECT count(*) FROM sales)
                AND (SELECT coalesce(sum(checked_in), 0) FROM occurrence_type_reports)
                    = (SELECT count(ticket_type_id) FROM admissions)
                AND (SELECT coalesce(sum(revenue_cents), 0) FROM occurrence_revenues)
                    = (SELECT coalesce(sum(price_cents), 0) FROM sales)
                AND (SELECT coalesce(sum(tickets_refunded), 0) FROM occurrence_reports)
                    = (SELECT count(*) FROM ticket_refunds)
                AND (SELECT coalesce(sum(tickets_refunded), 0) FROM occurrence_type_reports)
                    = (SELECT count(*) FROM ticket_refunds)
                AND (SELECT coalesce(sum(refunded_cents), 0) FROM occurrence_revenues)
                    = (SELECT coalesce(sum(amount_cents), 0) FROM ticket_refunds)
                AND (SELECT coalesce(sum(refunded_cents), 0) FROM occurrence_refunds)
                    = (SELECT coalesce(sum(amount_cents), 0) FROM refunds)
            """
        ).decodeOne(Bool.self)
    }

    struct NoAnswer: Error {}
}
