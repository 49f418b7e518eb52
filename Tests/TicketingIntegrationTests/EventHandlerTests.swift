import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("What others say: organisations and scans")
struct EventHandlerTests {
    private func organization(
        _ scene: SaleScene, _ status: OrganizationStatus, version: Int
    ) -> OrganizationChanged {
        var change = OrganizationChanged.example
        change.organizationID = scene.organizationID
        change.status = status
        change.version = version
        return change
    }

    private func tell(_ scene: SaleScene, _ changes: [OrganizationChanged]) async throws {
        try await scene.database.deliver(
            changes, to: OrganizationChangedHandler(), organizationID: nil, at: SaleScene.now)
    }

    private func status(_ scene: SaleScene) async throws -> String {
        try await scene.scalar("SELECT status FROM organizations WHERE id = \(scene.organizationID)")
    }

    @Test("The newest version of an organisation holds, in whichever order and how often it comes")
    func organizations() async throws {
        try await SaleScene.empty { scene in
            try await tell(scene, [organization(scene, .active, version: 1)])
            try await tell(
                scene, [organization(scene, .suspended, version: 3), organization(scene, .active, version: 2)])
            #expect(try await status(scene) == "suspended")
            try await tell(
                scene, [organization(scene, .active, version: 2), organization(scene, .suspended, version: 3)])
            #expect(try await status(scene) == "suspended")
            try await tell(scene, [organization(scene, .active, version: 4)])
            #expect(try await status(scene) == "active")
        }
    }

    @Test("A suspended organisation changes nothing, but still reads")
    func suspended() async throws {
        try await SaleScene.with { scene in
            try await tell(scene, [organization(scene, .suspended, version: 1)])
            let create = CreateEvent(eventID: EventID(UUID()), draft: EventDraft(name: "A"))
            #expect(try await scene.ask(create, CreateEventHandler()).refusal == .organizationInactive)
            let update = UpdateEvent(eventID: scene.eventID, changes: ["name": .string("B")])
            #expect(try await scene.ask(update, UpdateEventHandler()).refusal == .organizationInactive)
            #expect(try await scene.ask(GetEvent(eventID: scene.eventID), GetEventHandler()).refusal == nil)
        }
    }

    private func scan(
        _ scene: SaleScene, _ ticketID: TicketID?, _ result: ScanResult = .admitted,
        at time: Timestamp = SaleScene.startAt,
        occurrence: OccurrenceID? = nil
    ) -> ScanRecorded {
        ScanRecorded(
            scanID: ScanID(UUID()), occurrenceID: occurrence ?? scene.occurrenceID, ticketID: ticketID, direction: .in,
            result: result, isFirstAdmission: result == .admitted, scannedAt: time)
    }

    private func tell(
        _ scene: SaleScene, _ scans: ScanRecorded..., as organizationID: OrganizationID? = nil
    ) async throws {
        let effects = try await scene.database.deliver(
            scans, to: ScanRecordedHandler(), organizationID: organizationID ?? scene.organizationID,
            at: SaleScene.startAt)
        #expect(effects.count == scans.count)
        #expect(effects.messageNames.isEmpty)
    }

    private func ticket(_ scene: SaleScene, _ id: TicketID) async throws -> TicketDetails {
        try await scene.get(GetTicket(ticketID: id), GetTicketHandler())
    }

    @Test("An admission checks its ticket in; the earliest counts, in whichever order and how often it is told")
    func checkedIn() async throws {
        try await SaleScene.with { scene in
            let id = try #require(try await scene.sell().tickets.first?.id)
            let later = SaleScene.startAt + .seconds(60)
            try await tell(scene, scan(scene, id, at: later), scan(scene, nil, .unknownCode))
            #expect(try await ticket(scene, id).status == .checkedIn)
            #expect(try await ticket(scene, id).checkedInAt == later)
            try await tell(scene, scan(scene, id), scan(scene, id, at: later))
            try await tell(scene, scan(scene, id, at: later))
            #expect(try await ticket(scene, id).checkedInAt == SaleScene.startAt)
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("Only admissions check in", arguments: ScanResult.allCases.filter { $0 != .admitted })
    func otherResults(result: ScanResult) async throws {
        try await SaleScene.with { scene in
            let id = try #require(try await scene.sell().tickets.first?.id)
            try await tell(scene, scan(scene, id, result))
            #expect(try await ticket(scene, id).status == .confirmed)
        }
    }

    @Test("A ticket that has left the sale since, one of another organisation or occurrence stays what it is")
    func late() async throws {
        try await SaleScene.with { scene in
            let id = try #require(try await scene.sell().tickets.first?.id)
            try await tell(scene, scan(scene, id), as: OrganizationID(UUID()))
            try await tell(scene, scan(scene, id, occurrence: OccurrenceID(UUID())))
            #expect(try await ticket(scene, id).status == .confirmed)
            _ = try await scene.database.client.query("UPDATE tickets SET status = 'voided' WHERE id = \(id)")
            try await tell(scene, scan(scene, id))
            #expect(try await ticket(scene, id).status == .voided)
        }
    }
}
