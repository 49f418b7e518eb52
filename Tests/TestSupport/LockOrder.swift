import Messaging
import Postgres

extension ServiceDatabase {
    /// Runs a transaction that has to wait for rows, and looks whether it has locked others before: the order in which two
    /// transactions must agree so that they never deadlock.
    /// - Parameters:
    ///   - held: locks the rows that are waited for.
    ///   - others: locks the other rows, with `NOWAIT`.
    /// - Returns: whether the other rows were free while `body` waited.
    public func leavesFree(
        _ others: PostgresQuery, whileWaitingFor held: PostgresQuery,
        _ body: @escaping @Sendable (PostgresTransaction) throws -> Void
    ) async throws -> Bool {
        let rendezvous = Rendezvous()
        async let holder: Void = client.withTransaction { transaction in
            try transaction.query(held)
            rendezvous.open(.locked)
            rendezvous.wait(for: .swept)
        }
        await rendezvous.passed(.locked)
        async let waiter: Void = client.withTransaction { try body($0) }
        var isFree = true
        do {
            while try await waitingCount() == 0 { try Task.checkCancellation() }
            _ = try await client.query(others)
        } catch let error as PostgresError where error.sqlState == "55P03" {
            isFree = false
        } catch {
            rendezvous.open(.swept)
            throw error
        }
        rendezvous.open(.swept)
        _ = try await (holder, waiter)
        return isFree
    }

    private func waitingCount() async throws -> Int {
        try await client.query(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).decodeOne(Int.self)
    }
}
