import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Analytics

@Suite("Refunds and cancellations in reports and records")
struct RefundReportTests {
    private func auditLines(_ scene: ReportScene) async throws -> [AuditEntry] {
        let answers = try await scene.database.ask(
            [ListAuditEntries(page: PageRequest(limit: 50, cursor: nil))], of: ListAuditEntriesHandler(),
            organizationID: scene.organizationID, at: ReportScene.now)
        return try #require(answers.first).reply.get().data
    }

    private func activities(_ scene: ReportScene) async throws -> [String] {
        try await scene.database.client.query("SELECT name FROM analytics_events ORDER BY name").decode(String.self)
    }

    private func cancellation(_ scene: ReportScene, _ cause: CancellationCause) -> OccurrenceCanceled {
        var canceled = OccurrenceCanceled.example
        canceled.organizationID = scene.organizationID
        canceled.occurrenceID = scene.occurrenceID
        canceled.cause = cause
        return canceled
    }

    @Test("A refunded ticket is sold no more; what was paid and what was given back stand beside each other")
    func tickets() async throws {
        try await ReportScene.with { scene in
            let tickets = [TicketID(UUID()), TicketID(UUID()), TicketID(UUID())]
            try await scene.tell(OrderCompletedHandler(), scene.order(tickets))
            try await scene.tell(OrderRefundedHandler(), scene.refund([tickets[0]]), scene.refund([tickets[2]]))
            let report = try await scene.report()
            #expect(report.ticketsSold == 1)
            #expect(report.revenueCents == 7500 && report.refundedCents == 5000)
            #expect(report.byTicketType.map(\.ticketsSold) == [1])
            #expect(report.byTicketType.map(\.revenueCents) == [7500])
            #expect(report.byTicketType.map(\.refundedCents) == [5000])
            #expect(try await scene.countersEqualFacts())
        }
    }

    @Test("The same refund again counts once, also in one batch, and is told once")
    func duplicates() async throws {
        try await ReportScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.tell(OrderCompletedHandler(), scene.order([ticketID]))
            let refund = scene.refund([ticketID])
            for _ in 0..<2 { try await scene.tell(OrderRefundedHandler(), refund, refund) }
            let report = try await scene.report()
            #expect(report.ticketsSold == 0 && report.revenueCents == 2500 && report.refundedCents == 2500)
            #expect(try await scene.countersEqualFacts())
            #expect(try await activities(scene).sorted() == ["checkout_success", "refund_success", "start_checkout"])
            let lines = try await auditLines(scene)
            #expect(lines.map(\.action) == ["refund.complete"])
            #expect(lines.map(\.resourceID) == [refund.refundID.description])
            #expect(lines.map(\.actor) == [Actor(kind: .service, id: "ticketing")])
        }
    }

    @Test("A refund that comes before its sale is counted at once, and nothing is ever sold less than not at all")
    func refundBeforeSale() async throws {
        try await ReportScene.with { scene in
            let tickets = [TicketID(UUID()), TicketID(UUID())]
            try await scene.tell(OrderRefundedHandler(), scene.refund([tickets[0]]))
            let before = try await scene.report()
            #expect(before.ticketsSold == 0 && before.refundedCents == 2500 && before.currency == .zar)
            #expect(before.byTicketType.map(\.ticketsSold) == [0])
            try await scene.tell(OrderCompletedHandler(), scene.order(tickets))
            let after = try await scene.report()
            #expect(after.ticketsSold == 1 && after.revenueCents == 5000 && after.refundedCents == 2500)
            #expect(after.byTicketType.map(\.name) == ["General Admission"])
            #expect(try await scene.countersEqualFacts())
        }
    }

    @Test("A refund of an amount counts in the whole, under no type, and leaves the tickets sold")
    func amount() async throws {
        try await ReportScene.with { scene in
            let ticketID = TicketID(UUID())
            let refund = scene.refund([], amountCents: 700)
            try await scene.tell(OrderRefundedHandler(), refund)
            #expect(try await scene.report().refundedCents == 700)
            try await scene.tell(OrderCompletedHandler(), scene.order([ticketID]))
            try await scene.tell(OrderRefundedHandler(), refund)
            // The rest of the order: its ticket, at what was left.
            try await scene.tell(OrderRefundedHandler(), scene.refund([ticketID], priceCents: 1800))
            let report = try await scene.report()
            #expect(report.ticketsSold == 0 && report.revenueCents == 2500 && report.refundedCents == 2500)
            #expect(report.byTicketType.map(\.refundedCents) == [1800])
            #expect(try await scene.countersEqualFacts())
        }
    }

    @Test("A free ticket's refund takes it back for nothing, and its admission stays")
    func freeTicket() async throws {
        try await ReportScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.tell(OrderCompletedHandler(), scene.order([ticketID], priceCents: 0))
            try await scene.tell(ScanRecordedHandler(), scene.admission(of: ticketID))
            try await scene.tell(OrderRefundedHandler(), scene.refund([ticketID], priceCents: 0))
            let report = try await scene.report()
            #expect(report.ticketsSold == 0 && report.refundedCents == 0 && report.checkedIn == 1)
        }
    }

    @Test("Refunds of different currencies are never added up")
    func currencies() async throws {
        try await ReportScene.with { scene in
            let tickets = [TicketID(UUID()), TicketID(UUID())]
            try await scene.tell(
                OrderCompletedHandler(), scene.order([tickets[0]]),
                scene.order([tickets[1]], priceCents: 100, currency: .usd))
            try await scene.tell(
                OrderRefundedHandler(), scene.refund([tickets[0]]),
                scene.refund([tickets[1]], priceCents: 100, currency: .usd))
            let report = try await scene.report()
            #expect(report.currency == .zar && report.refundedCents == 2500)
            #expect(try await scene.countersEqualFacts())
        }
    }

    @Test("Another organisation does not see the refunds, and facts are never changed or removed")
    func tenants() async throws {
        try await ReportScene.with { scene in
            try await scene.tell(OrderRefundedHandler(), scene.refund([TicketID(UUID())]))
            await #expect(throws: Problem.notFound("occurrence")) {
                try await scene.report(as: OrganizationID(UUID()))
            }
            for table in ["refunds", "ticket_refunds", "occurrence_refunds"] {
                let stranger = scene.database.tenantScope(OrganizationID(UUID()))
                let seen = try await scene.database.client.withTransaction(scope: stranger) { transaction in
                    try transaction.query("SELECT count(*) FROM \(unescaped: table)").decodeOne(Int.self)
                }
                #expect(seen == 0, "\(table)")
            }
            for table in ["refunds", "ticket_refunds"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await scene.database.client.withTransaction(scope: scene.database.serviceScope) {
                        try $0.execute("UPDATE \(unescaped: table) SET amount_cents = 0")
                    }
                }
                #expect(error?.sqlState == "42501", "\(table)")
            }
        }
    }

    @Test("Sales and refunds that arrive at once on several connections are all counted")
    func concurrency() async throws {
        try await ReportScene.with { scene in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    let ticketID = TicketID(UUID())
                    let order = scene.order([ticketID])
                    let refund = scene.refund([ticketID])
                    group.addTask { try await scene.tell(OrderCompletedHandler(), order) }
                    if number % 2 == 0 {
                        group.addTask { try await scene.tell(OrderRefundedHandler(), refund) }
                    }
                }
                try await group.waitForAll()
            }
            let report = try await scene.report()
            #expect(report.ticketsSold == 20 && report.revenueCents == 100_000 && report.refundedCents == 50_000)
            #expect(try await scene.countersEqualFacts())
        }
    }

    @Test("A cancellation is noted once; the audit log tells it only when nobody asked for it")
    func cancellations() async throws {
        try await ReportScene.with { scene in
            let asked = cancellation(scene, .organizer)
            try await scene.tell(OccurrenceCanceledHandler(), asked, asked)
            try await scene.tell(OccurrenceCanceledHandler(), asked)
            #expect(try await activities(scene) == ["occurrence_canceled"])
            #expect(try await auditLines(scene).isEmpty)
        }
        try await ReportScene.with { scene in
            let automatic = cancellation(scene, .minimumNotMet)
            try await scene.tell(OccurrenceCanceledHandler(), automatic, automatic)
            try await scene.tell(OccurrenceCanceledHandler(), automatic)
            #expect(try await activities(scene) == ["occurrence_canceled"])
            let lines = try await auditLines(scene)
            #expect(lines.map(\.action) == ["occurrence.cancel"])
            #expect(lines.map(\.resourceID) == [scene.occurrenceID.description])
            #expect(lines.map(\.actor.kind) == [.service])
        }
    }
}
