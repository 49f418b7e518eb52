import Foundation
import Logging
import Postgres

/// What the sandbox's own book says of orders: the outside witness. Payments' table is only asked which charges belong
/// to which order.
struct Witness: Sendable {
    /// The addresses of the operator, who may read everything and change nothing.
    let variables: [String: String]

    struct Money: Sendable {
        var captured: [Int] = []
        var givenBack: [Int] = []
    }

    /// The money of each order that has any.
    func money(of orders: [String]) async throws -> [String: Money] {
        let ids = orders.compactMap { UUID(uuidString: $0) }
        let charges = try await withDatabase("VOELGOED_PAYMENTS_DATABASE_URL") { client in
            try await client.query("SELECT id, order_id FROM transactions WHERE order_id = ANY(\(ids))")
                .decode((UUID, UUID).self)
        }
        let keys = charges.map(\.0)
        let (captures, refunds) = try await withDatabase("VOELGOED_SANDBOX_PROVIDER_DATABASE_URL") { client in
            (
                try await client.query(
                    "SELECT idempotency_key, amount_cents FROM captures WHERE idempotency_key = ANY(\(keys))"
                ).decode((UUID, Int).self),
                try await client.query("SELECT capture_key, amount_cents FROM refunds WHERE capture_key = ANY(\(keys))")
                    .decode((UUID, Int).self)
            )
        }
        let orderOfCharge = Dictionary(charges.map { ($0.0, $0.1.uuidString.lowercased()) }) { first, _ in first }
        var money: [String: Money] = [:]
        for (charge, cents) in captures {
            if let order = orderOfCharge[charge] { money[order, default: Money()].captured.append(cents) }
        }
        for (charge, cents) in refunds {
            if let order = orderOfCharge[charge] { money[order, default: Money()].givenBack.append(cents) }
        }
        return money
    }

    private func withDatabase<R>(_ variable: String, _ body: (PostgresClient) async throws -> R) async throws -> R {
        guard let url = variables[variable] else { throw CampaignError("\(variable) is not set") }
        var logger = Logger(label: "witness")
        logger.logLevel = .critical
        let client = PostgresClient(configuration: try PostgresConfiguration(url: url), logger: logger)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }
}
