import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("How the database finds what stock commands ask for")
struct StockPlanTests {
    @Test("No table is read from end to end, also when its statistics were taken while it was tiny")
    func indexes() async throws {
        try await SaleScene.with { scene in
            _ = try await scene.sell()
            let refunds = try await [scene.sell(), scene.sell()].map { scene.prepareCommand($0.orderID) }
            _ = try await scene.database.client.query("ANALYZE")
            let orders = [OrderID(UUID()), OrderID(UUID())]
            let moment = MomentSource.system(at: SaleScene.now)
            func received<Body: Message>(_ body: Body) -> Received<Body> {
                Received(
                    envelope: Envelope(
                        id: UUID(), type: Body.name, occurredAt: SaleScene.now, organizationID: scene.organizationID,
                        appID: "tests"),
                    body: body)
            }
            let holds = orders.map { received(scene.holdCommand($0)) }
            let confirmation = received(scene.confirmCommand(orders[0]))
            let release = received(scene.releaseCommand(orders[1]))
            let prepared = refunds.map { received($0) }
            let complete = received(scene.completeCommand(refunds[0]))
            let abandon = received(scene.abandonCommand(refunds[1]))
            let (before, after) = try await scene.database.client.withTransaction(scope: scene.database.serviceScope) {
                transaction in
                // The connection may still count what it did before.
                let before = try Self.sequentialScans(transaction)
                _ = try HoldTicketsHandler().handle(holds, in: transaction, at: moment)
                _ = try ConfirmTicketsHandler(secret: scene.secret).handle([confirmation], in: transaction, at: moment)
                _ = try ReleaseHoldHandler().handle([release], in: transaction, at: moment)
                _ = try PrepareRefundHandler().handle(prepared, in: transaction, at: moment)
                _ = try CompleteRefundHandler().handle([complete], in: transaction, at: moment)
                _ = try AbandonRefundHandler().handle([abandon], in: transaction, at: moment)
                // Otherwise looked at with the commit, after the count.
                _ = try transaction.query("SET CONSTRAINTS ALL IMMEDIATE")
                return (before, try Self.sequentialScans(transaction))
            }
            #expect(before == after)
            #expect(try await scene.stock() == [0, 3])
        }
    }

    /// How often this transaction has read each table from end to end.
    private static func sequentialScans(_ transaction: PostgresTransaction) throws -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: try transaction.query(
                "SELECT relname, seq_scan FROM pg_stat_xact_user_tables WHERE seq_scan > 0"
            ).decode((String, Int).self))
    }
}
