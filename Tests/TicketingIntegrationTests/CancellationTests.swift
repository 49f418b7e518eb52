import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("Canceling occurrences")
struct CancellationTests {
    private static let cutoff = JSONValue.object(["cancellation_cutoff_hours": .integer(2)])
    private static let due = SaleScene.startAt - .seconds(7200)

    @Test("A canceled occurrence sells nothing any more, and everybody is told once")
    func canceled() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(1)
            let held = scene.holdCommand()
            try await scene.hold([held])
            let answer = try await scene.cancel(reason: "The artist is ill.")
            let occurrence = try answer.reply.get()
            #expect(occurrence.status == .canceled && occurrence.id == scene.occurrenceID)
            let canceled = try #require([answer.effects].messages(OccurrenceCanceled.self).first)
            #expect(canceled.cause == .organizer && canceled.reason == "The artist is ill.")
            #expect(canceled.canceledAt == SaleScene.now && canceled.eventName == "Night of the Proms")
            #expect(canceled.organizationID == scene.organizationID && canceled.startAt == SaleScene.startAt)
            let changed = try #require([answer.effects].messages(OccurrenceChanged.self).first)
            #expect(changed.occurrence == occurrence && changed.eventStatus == .active)
            let again = try await scene.cancel(reason: "Another reason", at: SaleScene.endAt)
            #expect(try again.reply.get() == occurrence)
            #expect(again.effects.messages.isEmpty)
            #expect(
                try await scene.scalar(
                    "SELECT cancellation_reason FROM event_occurrences", as: String.self) == "The artist is ill.")

            let refused = try await scene.hold([scene.holdCommand()]).messages(HoldRefused.self)
            #expect(refused.map(\.reason) == [.salesClosed])
            let unpaid = try await scene.confirm([scene.confirmCommand(held.orderID)]).messages(ConfirmRefused.self)
            #expect(unpaid.map(\.reason) == [.occurrenceCanceled])
            #expect(try await scene.statuses(of: sold.orderID) == ["completed", "confirmed"])
            #expect(try await scene.stock() == [0, 1])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("It is refused after the cutoff of the event, after the start, for a wrong reason and for others")
    func refused() async throws {
        try await SaleScene.with { scene in
            #expect(try await scene.cancel(reason: "").refusal == .validationFailed)
            #expect(try await scene.cancel(reason: String(repeating: "a", count: 501)).refusal == .validationFailed)
            #expect(try await scene.cancel(OccurrenceID(UUID())).refusal == .notFound)
            #expect(try await scene.cancel(as: OrganizationID(UUID())).refusal == .notFound)
            #expect(try await scene.cancel(at: SaleScene.startAt).refusal == .conflict)
            try await scene.set(Self.cutoff)
            #expect(try await scene.cancel(at: Self.due + .milliseconds(1)).refusal == .conflict)
            #expect(try await scene.cancel(at: Self.due).refusal == nil)
        }
    }

    @Test("A ticket type that only a canceled occurrence had sold out is active again")
    func soldOut() async throws {
        try await SaleScene.with(places: 1) { scene in
            let sold = try await scene.sellOrder(1)
            try await scene.settle()
            let status: PostgresQuery = "SELECT status FROM ticket_types"
            #expect(try await scene.scalar(status, as: String.self) == "sold_out")
            _ = try await scene.cancel().reply.get()
            try await scene.settle()
            #expect(try await scene.scalar(status, as: String.self) == "active")
            try await scene.refund(scene.prepareCommand(sold.orderID))
            try await scene.settle()
            #expect(try await scene.scalar(status, as: String.self) == "active")
        }
    }

    @Test("Of holds and a cancellation at the same time, each hold comes before it or is refused")
    func againstHolds() async throws {
        try await SaleScene.with { scene in
            let results = try await withThrowingTaskGroup(of: [String].self) { group in
                for number in 0..<40 {
                    if number == 20 {
                        group.addTask {
                            _ = try await scene.cancel().reply.get()
                            return []
                        }
                    }
                    group.addTask { try await scene.hold([scene.holdCommand()]).messageNames }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let held = results.filter { $0 == TicketsHeld.name }.count
            #expect(results.count == 40 && results.allSatisfy { [TicketsHeld.name, HoldRefused.name].contains($0) })
            #expect(try await scene.stock() == [held, 0])
            #expect(try await scene.hold([scene.holdCommand()]).messageNames == [HoldRefused.name])
            try await scene.expectPoolsToEqualTickets()
        }
    }

    @Test("A hold that waits for the stock while it is being canceled sees that it is")
    func waitingHold() async throws {
        try await SaleScene.with { scene in
            let rendezvous = Rendezvous()
            let client = scene.database.client
            async let canceled: Void = client.withTransaction(
                scope: scene.database.tenantScope(scene.organizationID)
            ) { transaction in
                let envelope = Envelope(
                    id: UUID(), type: CancelOccurrence.name, occurredAt: SaleScene.now,
                    organizationID: scene.organizationID, appID: "tests")
                let request = Received(
                    envelope: envelope, body: CancelOccurrence(occurrenceID: scene.occurrenceID, reason: "Ill"))
                _ = try CancelOccurrenceHandler().answer(
                    request, in: transaction, at: MomentSource.system(at: SaleScene.now))
                rendezvous.open(.locked)
                rendezvous.wait(for: .swept)
            }
            await rendezvous.passed(.locked)
            async let effects = scene.hold([scene.holdCommand()])
            // The hold is seen waiting for the lock before the cancellation commits.
            let waiting: PostgresQuery = """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """
            while try await client.query(waiting).decodeOne(Int.self) == 0 {
                await Task.yield()
            }
            rendezvous.open(.swept)
            try await canceled
            #expect(try await effects.messageNames == [HoldRefused.name])
            #expect(try await scene.stock() == [0, 0])
        }
    }

    // MARK: By itself

    private func sweep(_ scene: SaleScene, at now: Timestamp) async throws -> [Effects] {
        let result = try await scene.database.run(MinimumCapacitySweep(), at: now)
        #expect(!result.hasMore)
        let isAddressed = result.effects.messages.allSatisfy { $0.organizationID == scene.organizationID }
        #expect(isAddressed)
        return [result.effects]
    }

    @Test("Without a cutoff nothing is canceled by itself; with one, what has not sold its minimum by then, once")
    func minimumNotMet() async throws {
        try await SaleScene.with(minCapacity: 3) { scene in
            _ = try await scene.sellOrder(2)
            #expect(try await sweep(scene, at: SaleScene.startAt - .seconds(1)).messageNames.isEmpty)
            try await scene.set(Self.cutoff)
            #expect(try await sweep(scene, at: Self.due - .milliseconds(1)).messageNames.isEmpty)
            let effects = try await sweep(scene, at: Self.due)
            let canceled = try #require(effects.messages(OccurrenceCanceled.self).first)
            #expect(canceled.cause == .minimumNotMet && canceled.reason == "Fewer than 3 tickets were sold.")
            #expect(canceled.canceledAt == Self.due && canceled.occurrenceID == scene.occurrenceID)
            #expect(effects.messages(OccurrenceChanged.self).map(\.occurrence.status) == [.canceled])
            #expect(try await sweep(scene, at: Self.due).messageNames.isEmpty)
            #expect(try await scene.hold([scene.holdCommand()]).messageNames == [HoldRefused.name])
        }
    }

    @Test("An occurrence that has sold its minimum, is canceled or has begun is left alone")
    func minimumMet() async throws {
        try await SaleScene.with(minCapacity: 2) { scene in
            try await scene.set(Self.cutoff)
            _ = try await scene.sellOrder(2)
            let canceled = OccurrenceID(UUID())
            try await scene.createOccurrence(canceled)
            _ = try await scene.cancel(canceled).reply.get()
            #expect(try await sweep(scene, at: Self.due).messageNames.isEmpty)
            let begun = OccurrenceID(UUID())
            try await scene.createOccurrence(begun)
            #expect(try await sweep(scene, at: SaleScene.startAt).messageNames.isEmpty)
        }
    }

    @Test("Reserved tickets do not count as sold")
    func reserved() async throws {
        try await SaleScene.with(minCapacity: 2) { scene in
            try await scene.set(Self.cutoff)
            try await scene.hold([scene.holdCommand(quantity: 2)])
            let effects = try await sweep(scene, at: Self.due)
            #expect(effects.messages(OccurrenceCanceled.self).count == 1)
        }
    }

    @Test("The deadline follows the settings of the event and of the occurrence")
    func deadlines() async throws {
        try await SaleScene.with { scene in
            func deadline(_ id: OccurrenceID) async throws -> Timestamp? {
                try await scene.scalar(
                    "SELECT minimum_due_at FROM event_occurrences WHERE id = \(id)", as: Timestamp?.self)
            }
            #expect(try await deadline(scene.occurrenceID) == nil)
            try await scene.set(Self.cutoff)
            #expect(try await deadline(scene.occurrenceID) == Self.due)
            let id = OccurrenceID(UUID())
            let draft = OccurrenceDraft(
                startAt: SaleScene.startAt, endAt: SaleScene.endAt, timezone: "UTC",
                settings: .object(["cancellation_cutoff_hours": .integer(1)]))
            try await scene.get(
                CreateOccurrence(occurrenceID: id, eventID: scene.eventID, draft: draft),
                CreateOccurrenceHandler(secret: scene.secret))
            #expect(try await deadline(id) == SaleScene.startAt - .seconds(3600))
            let inherited = OccurrenceID(UUID())
            try await scene.createOccurrence(inherited)
            #expect(try await deadline(inherited) == Self.due)
            try await scene.set(.object(["cancellation_cutoff_hours": .null]))
            #expect(try await deadline(scene.occurrenceID) == nil)
            #expect(try await deadline(id) == SaleScene.startAt - .seconds(3600))
        }
    }

    @Test("A minimum that is sold although nobody noticed confirms the occurrence instead")
    func overlooked() async throws {
        try await SaleScene.with(minCapacity: 2) { scene in
            try await scene.set(Self.cutoff)
            _ = try await scene.sellOrder(1)
            _ = try await scene.database.client.query("UPDATE event_definitions SET min_capacity = 1")
            let effects = try await sweep(scene, at: Self.due)
            #expect(effects.messages(OccurrenceChanged.self).map(\.occurrence.status) == [.confirmed])
            #expect(effects.messages(OccurrenceCanceled.self).isEmpty)
        }
    }

    @Test("A sale that holds the stock at the deadline is waited for, and counts")
    func againstSale() async throws {
        try await SaleScene.with { scene in
            try await scene.set(Self.cutoff)
            let rendezvous = Rendezvous()
            async let sale: Void = scene.database.client.withTransaction(scope: scene.database.serviceScope) {
                transaction in
                _ = try transaction.query(PoolStore.lockQuery([scene.occurrenceID]))
                rendezvous.open(.locked)
                rendezvous.wait(for: .swept)
            }
            await rendezvous.passed(.locked)
            #expect(try await sweep(scene, at: Self.due).messageNames.isEmpty)
            rendezvous.open(.swept)
            try await sale
            let effects = try await sweep(scene, at: Self.due)
            #expect(effects.messages(OccurrenceCanceled.self).map(\.reason) == ["No tickets were sold."])
        }
    }

    @Test("Of sales and the sweep at the same time, the minimum is met or the occurrence is canceled, never both")
    func sweepAgainstSales() async throws {
        for _ in 0..<6 {
            try await SaleScene.with { scene in
                try await scene.set(Self.cutoff)
                let held = scene.holdCommand()
                try await scene.hold([held])
                async let sold = scene.confirm([scene.confirmCommand(held.orderID)], at: Self.due)
                async let swept = scene.database.run(MinimumCapacitySweep(), at: Self.due)
                let isSold = try await sold.messages(OrderCompleted.self).count == 1
                var effects = [try await swept.effects]
                effects += try await sweep(scene, at: Self.due)
                #expect(isSold == effects.messages(OccurrenceCanceled.self).isEmpty)
                try await scene.expectPoolsToEqualTickets()
            }
        }
    }

    @Test("What is due is found by an index")
    func index() async throws {
        try await SaleScene.with { scene in
            let plan = try await scene.database.client.withTransaction(scope: scene.database.serviceScope) {
                try $0.query(
                    """
                    EXPLAIN SELECT occurrence.id FROM event_occurrences AS occurrence
                    JOIN inventory_pools AS pool
                        ON pool.occurrence_id = occurrence.id AND pool.ticket_type_id IS NULL
                    WHERE occurrence.status = 'scheduled' AND occurrence.minimum_due_at <= now()
                        AND occurrence.start_at > now()
                    ORDER BY occurrence.minimum_due_at LIMIT 100 FOR UPDATE OF pool SKIP LOCKED
                    """
                ).decode(String.self).joined(separator: " ")
            }
            #expect(plan.contains("idx_event_occurrences_minimum"))
        }
    }
}
