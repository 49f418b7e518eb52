import Contracts
import Foundation
import Postgres
import Testing

@testable import Operator

/// The checks over the services' real schemas.
@Suite("fsck", .healthyInstallation)
struct CheckTests {
    private func outcomes(
        _ databases: OpenDatabases, grace: Duration = .seconds(60)
    ) async -> [CheckOutcome] {
        let scope = CheckScope(databases: databases, settledBefore: Timestamp(Date()) - grace)
        var outcomes: [CheckOutcome] = []
        for check in InvariantCheck.all { outcomes.append(await check.run(in: scope)) }
        return outcomes
    }

    @Test("A healthy installation, with journeys that ended in every way or not at all, has nothing to report")
    func healthy() async throws {
        let installation = try #require(HealthyInstallation.current)
        try await installation.changed([:]) { databases in
            for outcome in await outcomes(databases, grace: .zero) {
                #expect(outcome.lines == [])
                #expect(outcome.summary.hasPrefix("ok "))
            }
        }
    }

    @Test("A violation is named by its check, and by no other", arguments: Plant.all)
    func planted(plant: Plant) async throws {
        let installation = try #require(HealthyInstallation.current)
        try await installation.changed(plant.changes) { databases in
            let reports = await outcomes(databases).filter { !$0.lines.isEmpty }
            #expect(reports.map(\.check.name) == [plant.check], "\(reports.flatMap(\.lines))")
            #expect(reports.flatMap(\.lines).contains { $0.contains(plant.detail) }, "\(reports.flatMap(\.lines))")
            let severity = reports.first?.check.severity
            #expect(reports.map(\.failures).reduce(0, +) > 0 || severity == .warning)
        }
    }

    @Test("Every check has a violation that it was seen to find")
    func complete() {
        #expect(Set(InvariantCheck.all.map(\.name)).subtracting(Plant.all.map(\.check)) == [])
        #expect(Set(InvariantCheck.all.map(\.name)).count == InvariantCheck.all.count)
    }

    @Test("What services have not had time to hear of is a violation only where nothing is under way")
    func underWay() async throws {
        let installation = try #require(HealthyInstallation.current)
        typealias Row = HealthyRows
        let changes: [OperatorEnvironment.Database: [String]] = [
            .ticketing: [
                "UPDATE tickets SET confirmed_at = now() - interval '10 seconds' WHERE id = \(Row.soldTicket)"
            ],
            .scanning: ["DELETE FROM tickets WHERE id = \(Row.soldTicket)"],
        ]
        try await installation.changed(changes) { databases in
            #expect(await outcomes(databases).flatMap(\.lines) == [])
            let strict = await outcomes(databases, grace: .zero).filter { !$0.lines.isEmpty }
            #expect(strict.map(\.check.name) == ["every sold ticket is known at the gates"])
        }
    }

    @Test("A captured charge is no violation while its checkout is open, nor when it was refunded")
    func handledCaptures() async throws {
        let installation = try #require(HealthyInstallation.current)
        typealias Row = HealthyRows
        try await installation.changed([
            .payments: Plant.secondCapture
                + Plant.refund(Row.id(0x30F), of: Row.id(0x30F), 50000, for: Row.soldOrder),
            .sandboxProvider: Plant.secondCaptureInTheBook
                + Plant.returned(Row.id(0x30F), 50000, of: Row.id(0x30F), at: Row.longAgo),
        ]) { databases in
            #expect(await outcomes(databases).flatMap(\.lines) == [])
        }
        try await installation.changed([
            .payments: Plant.secondCapture + [
                """
                UPDATE transactions SET order_id = \(Row.payingOrder), checkout_id = \(Row.payingCheckout)
                WHERE id = \(Row.id(0x30F))
                """,
                "UPDATE journal_entries SET order_id = \(Row.payingOrder) WHERE charge_id = \(Row.id(0x30F))",
            ],
            .sandboxProvider: Plant.secondCaptureInTheBook,
        ]) { databases in
            #expect(await outcomes(databases).flatMap(\.lines) == [])
        }
    }

    @Test("Money that the provider does not give back is no violation once an operator was called for it")
    func knownCaptures() async throws {
        let installation = try #require(HealthyInstallation.current)
        typealias Row = HealthyRows
        try await installation.changed([
            .payments: Plant.secondCapture,
            .sandboxProvider: Plant.secondCaptureInTheBook,
            .coordinator: [
                """
                INSERT INTO incidents (id, organization_id, saga, saga_id, kind, detail, raised_at, resolved_at)
                VALUES (\(Row.id(0x1F1)), \(Row.organization), 'checkout', \(Row.soldCheckout), 'refund_failed',
                    'The provider refuses.', \(Row.lately), now())
                """
            ],
        ]) { databases in
            #expect(await outcomes(databases).flatMap(\.lines) == [])
        }
    }

    @Test("A refund that has only just succeeded is a violation only where nothing is under way")
    func justReturned() async throws {
        let installation = try #require(HealthyInstallation.current)
        typealias Row = HealthyRows
        let payments =
            [
                """
                UPDATE refunds SET status = 'succeeded', refunded_at = now(), updated_at = now()
                WHERE id = \(Row.pendingRefund)
                """,
                """
                UPDATE transactions SET refunding_cents = 0, refunded_cents = 25000, updated_at = now()
                WHERE id = \(Row.returningCharge)
                """,
                "DELETE FROM jobs WHERE kind = 'refund-status'",
            ]
            + Plant.entry(
                Row.id(0x529), "refund", of: Row.returningCharge, for: Row.returningOrder, refund: Row.pendingRefund,
                debit: Row.owed, credit: Row.clearing, 25000)
        let book = """
            INSERT INTO refunds (idempotency_key, capture_key, reference, amount_cents, currency, refunded_at)
            SELECT idempotency_key, charge_key, reference, amount_cents, currency, now() FROM refund_orders
            WHERE idempotency_key = \(Row.pendingRefund)
            """
        try await installation.changed([.payments: payments, .sandboxProvider: [book]]) { databases in
            #expect(await outcomes(databases).flatMap(\.lines) == [])
            let strict = await outcomes(databases, grace: .zero).filter { !$0.lines.isEmpty }
            #expect(
                strict.map(\.check.name) == [
                    "every captured charge ends in tickets or in a refund",
                    "every refund of an order's charge ends in the order",
                ])
        }
    }

    @Test("A database that cannot be read is a failure, not a clean bill")
    func unreadable() async throws {
        let installation = try #require(HealthyInstallation.current)
        try await installation.changed([.analytics: ["ALTER TABLE sales RENAME TO sold"]]) { databases in
            let failed = await outcomes(databases).filter { $0.failures > 0 }
            #expect(failed.contains { $0.check.name == "every sold ticket is reported as it was sold" })
            for outcome in failed {
                #expect(outcome.summary.hasPrefix("????"))
                #expect(outcome.lines.count == 1 && outcome.lines[0].contains("sales"))
            }
        }
    }

    @Test("Walking a table takes every row once, whatever the size of its last page")
    func paging() async throws {
        let installation = try #require(HealthyInstallation.current)
        typealias Row = HealthyRows
        let count = 2 * CheckScope.pageSize
        let outbox = """
            INSERT INTO outbox (id, exchange, routing_key, envelope, body, due_at)
            SELECT gen_random_uuid(), '', '', '{}', '', now() FROM generate_series(1, \(count))
            """
        try await installation.changed([.gateway: [outbox]]) { databases in
            let scope = CheckScope(databases: databases, settledBefore: Timestamp(Date()))
            var pages: [Int] = []
            var seen: Set<UUID> = []
            let findings = try await scope.pages(of: .gateway, id: \.self) { client, last in
                try await client.query(
                    "SELECT id FROM outbox WHERE id > \(last) ORDER BY id LIMIT \(CheckScope.pageSize)"
                ).decode(UUID.self)
            } judge: { ids in
                pages.append(ids.count)
                seen.formUnion(ids)
                return []
            }
            #expect(findings == [])
            #expect(pages == [CheckScope.pageSize, CheckScope.pageSize])
            #expect(seen.count == count)
        }
    }

    @Test("A check stops at a hundred findings")
    func limited() async throws {
        let installation = try #require(HealthyInstallation.current)
        let jobs = """
            INSERT INTO jobs (id, kind, payload, envelope, due_at, created_at)
            SELECT gen_random_uuid(), 'some-work', '{}', '{}', now() - interval '1 day', now()
            FROM generate_series(1, 150)
            """
        try await installation.changed([.gateway: [jobs]]) { databases in
            let failures = await outcomes(databases).map(\.failures).reduce(0, +)
            #expect(failures == InvariantCheck.limit)
        }
    }
}
