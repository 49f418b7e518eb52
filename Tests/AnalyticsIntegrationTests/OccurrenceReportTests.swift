import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Analytics

@Suite("An occurrence's report")
struct OccurrenceReportTests {
    @Test("Sold and checked-in tickets are counted, in all and by type")
    func counts() async throws {
        try await ReportScene.with { scene in
            let tickets = [TicketID(UUID()), TicketID(UUID()), TicketID(UUID())]
            try await scene.tell(OccurrenceChangedHandler(), scene.occurrenceChanged())
            try await scene.tell(
                OrderCompletedHandler(), scene.order(Array(tickets[..<2])), scene.order([tickets[2]], priceCents: 0))
            try await scene.tell(ScanRecordedHandler(), scene.admission(of: tickets[0]))
            let type = TicketTypeReport(
                ticketTypeID: scene.typeID, name: "General Admission", ticketsSold: 3, revenueCents: 5000,
                refundedCents: 0, checkedIn: 1)
            let expected = OccurrenceReport(
                occurrenceID: scene.occurrenceID, ticketsSold: 3, revenueCents: 5000, refundedCents: 0,
                currency: .zar, checkedIn: 1, byTicketType: [type])
            #expect(try await scene.report() == expected)
        }
    }

    @Test("The same sale and the same admission again count once, also in one batch")
    func duplicates() async throws {
        try await ReportScene.with { scene in
            let ticketID = TicketID(UUID())
            let order = scene.order([ticketID])
            for _ in 0..<2 {
                try await scene.tell(OrderCompletedHandler(), order, order)
                try await scene.tell(
                    ScanRecordedHandler(), scene.admission(of: ticketID), scene.admission(of: ticketID))
            }
            let report = try await scene.report()
            #expect(report.ticketsSold == 1 && report.revenueCents == 2500 && report.checkedIn == 1)
            #expect(try await scene.countersEqualFacts())
        }
    }

    @Test("An admission that comes before its sale is counted at once, and under its type once the sale is there")
    func admissionBeforeSale() async throws {
        try await ReportScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.tell(ScanRecordedHandler(), scene.admission(of: ticketID, typeIsKnown: false))
            let before = try await scene.report()
            #expect(before.checkedIn == 1 && before.byTicketType.isEmpty)
            let order = scene.order([ticketID])
            try await scene.tell(OrderCompletedHandler(), order)
            try await scene.tell(OrderCompletedHandler(), order)
            let after = try await scene.report()
            #expect(after.byTicketType.map(\.checkedIn) == [1])
            #expect(after.byTicketType.map(\.ticketsSold) == [1])
            #expect(try await scene.countersEqualFacts())
        }
    }

    @Test("An admission whose type the gate did not know takes it from the sale")
    func admissionAfterSale() async throws {
        try await ReportScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.tell(OrderCompletedHandler(), scene.order([ticketID]))
            try await scene.tell(ScanRecordedHandler(), scene.admission(of: ticketID, typeIsKnown: false))
            #expect(try await scene.report().byTicketType.map(\.checkedIn) == [1])
        }
    }

    @Test("Scans that let nobody in for the first time count nothing")
    func otherScans() async throws {
        try await ReportScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.tell(OrderCompletedHandler(), scene.order([ticketID]))
            try await scene.tell(
                ScanRecordedHandler(), scene.admission(of: ticketID, isFirst: false, result: .alreadyAdmitted),
                scene.admission(of: ticketID, isFirst: false))
            #expect(try await scene.report().checkedIn == 0)
        }
    }

    @Test("A known occurrence without sales has zeros, for each of its ticket types too")
    func zeros() async throws {
        try await ReportScene.with { scene in
            try await scene.tell(OccurrenceChangedHandler(), scene.occurrenceChanged())
            #expect(try await scene.report().byTicketType.isEmpty)
            try await scene.tell(TicketTypeChangedHandler(), scene.ticketTypeChanged(name: "Early bird"))
            let report = try await scene.report()
            #expect(report.ticketsSold == 0 && report.revenueCents == 0 && report.currency == nil)
            #expect(report.byTicketType.map(\.name) == ["Early bird"])
            #expect(report.byTicketType.map(\.ticketsSold) == [0])
        }
    }

    @Test("An unknown occurrence, or another organisation's, is not found")
    func notFound() async throws {
        try await ReportScene.with { scene in
            await #expect(throws: Problem.notFound("occurrence")) { try await scene.report() }
            try await scene.tell(OccurrenceChangedHandler(), scene.occurrenceChanged())
            try await scene.tell(OrderCompletedHandler(), scene.order([TicketID(UUID())]))
            await #expect(throws: Problem.notFound("occurrence")) {
                try await scene.report(as: OrganizationID(UUID()))
            }
        }
    }

    @Test("Names follow the newest version only, wherever it stands and however late the others come")
    func names() async throws {
        try await ReportScene.with { scene in
            try await scene.tell(OccurrenceChangedHandler(), scene.occurrenceChanged())
            try await scene.tell(
                TicketTypeChangedHandler(), scene.ticketTypeChanged(version: 3, name: "Third"),
                scene.ticketTypeChanged(version: 2, name: "Second"))
            try await scene.tell(TicketTypeChangedHandler(), scene.ticketTypeChanged(version: 3, name: "Again"))
            try await scene.tell(TicketTypeChangedHandler(), scene.ticketTypeChanged(version: 1, name: "First"))
            #expect(try await scene.report().byTicketType.map(\.name) == ["Third"])

            try await scene.tell(
                OccurrenceChangedHandler(), scene.occurrenceChanged(version: 3, name: "New name"),
                scene.occurrenceChanged(version: 2, name: "Old name"))
            try await scene.tell(OccurrenceChangedHandler(), scene.occurrenceChanged(version: 2, name: "Old name"))
            let name = try await scene.database.client.query("SELECT event_name FROM occurrences")
                .decodeOne(String.self)
            #expect(name == "New name")
        }
    }

    @Test("Amounts of different currencies are never added up")
    func currencies() async throws {
        try await ReportScene.with { scene in
            try await scene.tell(
                OrderCompletedHandler(), scene.order([TicketID(UUID())], priceCents: 100, currency: .usd),
                scene.order([TicketID(UUID()), TicketID(UUID())]))
            let report = try await scene.report()
            #expect(report.currency == .zar && report.revenueCents == 5000)
            #expect(report.ticketsSold == 3)
            #expect(report.byTicketType.map(\.revenueCents) == [5000])
        }
    }

    @Test("Sales and admissions that arrive at once on several connections are all counted, under their types")
    func concurrency() async throws {
        try await ReportScene.with { scene in
            let ticketIDs = (0..<60).map { _ in TicketID(UUID()) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for ticketID in ticketIDs {
                    let order = scene.order([ticketID])
                    let admission = scene.admission(of: ticketID, typeIsKnown: false)
                    group.addTask { try await scene.tell(OrderCompletedHandler(), order) }
                    group.addTask { try await scene.tell(ScanRecordedHandler(), admission) }
                }
                try await group.waitForAll()
            }
            let report = try await scene.report()
            #expect(report.ticketsSold == 60 && report.checkedIn == 60)
            #expect(report.byTicketType.map(\.checkedIn) == [60])
            #expect(try await scene.countersEqualFacts())
        }
    }
}
