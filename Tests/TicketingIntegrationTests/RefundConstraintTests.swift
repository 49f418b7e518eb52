import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

@Suite("What the database refuses of refunds, whatever the code does")
struct RefundConstraintTests {
    private func expectRefusal(
        _ scene: SaleScene, _ sql: String, by constraint: String, location: SourceLocation = #_sourceLocation
    ) async {
        let error = await #expect(throws: PostgresError.self, sourceLocation: location) {
            try await scene.database.client.query("\(unescaped: sql)")
        }
        #expect(error?.constraint == constraint, sourceLocation: location)
    }

    @Test("A ticket is taken back by a pending refund of its own order only, and refunded by a completed one")
    func tickets() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(1)
            let other = try await scene.sellOrder(1)
            let command = scene.prepareCommand(sold.orderID)
            try await scene.prepare([command])
            let refund = "'\(command.refundID)'"
            let (mine, others) = ("order_id = '\(sold.orderID)'", "order_id = '\(other.orderID)'")
            await expectRefusal(
                scene, "UPDATE tickets SET status = 'refunded' WHERE \(mine)", by: "ticket_refund_key")
            await expectRefusal(
                scene, "UPDATE tickets SET status = 'refunded' WHERE \(others)", by: "ticket_refunded_check")
            await expectRefusal(
                scene, "UPDATE tickets SET refund_id = \(refund) WHERE \(others)", by: "ticket_refund_key")
            await expectRefusal(
                scene, "UPDATE tickets SET refund_amount_cents = 1 WHERE \(mine)", by: "ticket_refund_amount_check")
            await expectRefusal(
                scene, "UPDATE tickets SET status = 'voided' WHERE \(mine)", by: "ticket_refundable_check")
            await expectRefusal(
                scene,
                """
                UPDATE order_refunds SET status = 'abandoned', ended_at = now(), ended_version = 2 WHERE id = \(refund)
                """, by: "ticket_refund_key")
            await expectRefusal(
                scene, "UPDATE order_refunds SET status = 'abandoned' WHERE id = \(refund)",
                by: "order_refund_ended_check")
            try await scene.complete([scene.completeCommand(command)])
            await expectRefusal(
                scene, "UPDATE tickets SET status = 'confirmed', refund_amount_cents = 0 WHERE \(mine)",
                by: "ticket_refund_key")
        }
    }

    @Test("Never more than was paid goes back, and only of orders that were paid")
    func orders() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(1)
            let paid = "WHERE id = '\(sold.orderID)'"
            await expectRefusal(
                scene, "UPDATE orders SET refunding_cents = 2501 \(paid)", by: "order_refund_check")
            await expectRefusal(
                scene,
                """
                UPDATE orders SET refunding_cents = 1, refunded_cents = 2500, refund_version = 1, status = 'refunded'
                \(paid)
                """, by: "order_refund_check")
            await expectRefusal(
                scene, "UPDATE orders SET refunded_cents = 1, refund_version = 1 \(paid)", by: "order_refunded_check")
            await expectRefusal(
                scene, "UPDATE orders SET status = 'refunded', refund_version = 1 \(paid)", by: "order_refunded_check")
            let held = scene.holdCommand()
            try await scene.hold([held])
            await expectRefusal(
                scene, "UPDATE orders SET refunding_cents = 1, refund_version = 1 WHERE id = '\(held.orderID)'",
                by: "order_refund_paid_check")
        }
    }

    @Test(
        "A tenant's role reads refunds and changes none, and nobody deletes one",
        arguments: [
            ("ticketing_tenant", "UPDATE order_refunds SET reason = 'A'"),
            ("ticketing_tenant", "DELETE FROM order_refunds"), ("ticketing", "DELETE FROM order_refunds"),
        ])
    func privileges(role: String, sql: String) async throws {
        try await SaleScene.with { scene in
            let error = await #expect(throws: PostgresError.self) {
                try await scene.database.client.withTransaction(
                    scope: .tenant(role: role, organizationID: scene.organizationID.rawValue)
                ) { try $0.query("\(unescaped: sql)").count }
            }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test("Another organisation sees none of the refunds")
    func tenants() async throws {
        try await SaleScene.with { scene in
            let sold = try await scene.sellOrder(1)
            try await scene.prepare([scene.prepareCommand(sold.orderID)])
            func seen(by organizationID: OrganizationID) async throws -> Int {
                try await scene.database.client.withTransaction(scope: scene.database.tenantScope(organizationID)) {
                    try $0.query("SELECT count(*) FROM order_refunds").decodeOne(Int.self)
                }
            }
            #expect(try await seen(by: scene.organizationID) == 1)
            #expect(try await seen(by: OrganizationID(UUID())) == 0)
        }
    }
}
